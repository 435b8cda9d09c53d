import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { Client as Temporal, Connection } from '@temporalio/client';
import {
  bundleWorkflowCode,
  DefaultLogger,
  makeTelemetryFilterString,
  NativeConnection,
  Runtime,
  Worker,
} from '@temporalio/worker';
import { inject } from 'vitest';
import { createTaskActivities } from '../../activities/task-activities.ts';
import type { TaskHeader } from '../../src/contract.ts';
import { createWriter } from '../../src/mirror/writer.ts';
import { createMirrorPlace } from '../mirror/mirror-place.ts';
import type { TcpProxy } from '../stack/tcp-proxy.ts';
import type { Answer, Call } from './call.workflow.ts';
import { trialExecutors } from './trial-executors.ts';

/** A real worker on the real Temporal whose one workflow calls one activity, and what the mirror then holds. */
export type AttemptWorker = {
  /** PostgreSQL, as the worker reaches it. */
  readonly postgres: TcpProxy;
  readonly call: (executor: string, input: unknown, more?: CallOptions) => Promise<Called>;
  readonly mirrorOf: (executionId: string) => Promise<Mirrored>;
  readonly stop: () => Promise<void>;
};

export type CallOptions = Partial<Call> & { readonly maxAttempts?: number; readonly withHeader?: boolean };
export type Called = { readonly executionId: string; readonly answer: Answer };
type Row = { readonly [column: string]: any };
export type Mirrored = {
  readonly tasks: readonly Row[];
  readonly attempts: readonly Row[];
  readonly logs: readonly Row[];
  readonly events: readonly string[];
};

export async function startAttemptWorker(): Promise<AttemptWorker> {
  Runtime.install({
    logger: new DefaultLogger('ERROR'),
    telemetryOptions: { logging: { filter: makeTelemetryFilterString({ core: 'ERROR', other: 'ERROR' }) } },
  });
  const place = await createMirrorPlace();
  const { client } = place;
  const writer = createWriter(place.database);
  const { address, namespace } = inject('weft').temporal;
  const temporal = new Temporal({ connection: await Connection.connect({ address }), namespace });
  const native = await NativeConnection.connect({ address });
  const tasks = createTaskActivities(trialExecutors, writer, 'worker-1');
  const taskQueue = `attempts-${randomUUID()}`;
  const worker = await Worker.create({
    connection: native,
    namespace,
    taskQueue,
    workflowBundle: await bundleWorkflowCode({
      workflowsPath: fileURLToPath(new URL('call.workflow.ts', import.meta.url)),
      workflowInterceptorModules: [fileURLToPath(new URL('../../workflows/path-header.ts', import.meta.url))],
      logger: new DefaultLogger('ERROR'),
    }),
    activities: tasks.activities,
    interceptors: { activity: [tasks.interceptor] },
  });
  const running = worker.run();

  return {
    postgres: place.proxy,
    call: async (name, input, { maxAttempts = 3, withHeader = true, options, ...rest } = {}) => {
      const executionId = `e-${randomUUID()}`;
      const header: TaskHeader = {
        tenant: 'default',
        executionId,
        executionCreatedAt: new Date().toISOString(),
        task: { path: '/a', taskId: 'a', type: 'executor', executor: name, dependencies: [], order: 0 },
        maxAttempts,
        startedAt: Date.now(),
        idempotencyKey: `${executionId}/a`,
      };
      const call: Call = {
        name,
        input,
        local: false,
        options: {
          startToCloseTimeout: '10s',
          retry: { maximumAttempts: maxAttempts, initialInterval: 50, backoffCoefficient: 1, maximumInterval: 300 },
          cancellationType: 'WAIT_CANCELLATION_COMPLETED',
          ...options,
        },
        ...(withHeader ? { header } : {}),
        ...rest,
      };
      const start = { taskQueue, workflowId: executionId, args: [call] };
      return { executionId, answer: (await temporal.workflow.execute('call', start)) as Answer };
    },
    mirrorOf: async (executionId) => {
      await writer.flush();
      const read = async (table: string, order: string): Promise<readonly Row[]> =>
        (
          await client.query<Row>(`select * from weft.${table} where execution_id = $1 order by ${order}`, [
            executionId,
          ])
        ).rows;
      return {
        tasks: await read('task_executions', 'path'),
        attempts: await read('task_attempts', 'ord, attempt'),
        logs: await read('execution_logs', 'created_at, id'),
        events: (await read('execution_history', 'created_at, id')).map(({ event_type }) => event_type as string),
      };
    },
    stop: async () => {
      worker.shutdown();
      await running;
      await native.close();
      await temporal.connection.close();
      await writer.close();
      await place.close();
    },
  };
}
