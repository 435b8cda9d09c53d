import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Client as Temporal, Connection } from '@temporalio/client';
import type { WorkflowHandle } from '@temporalio/client';
import {
  bundleWorkflowCode,
  DefaultLogger,
  makeTelemetryFilterString,
  NativeConnection,
  Runtime,
  Worker,
} from '@temporalio/worker';
import { Client } from 'pg';
import { inject } from 'vitest';
import { createEventCalls } from '../../activities/event-calls.ts';
import { workflowIdOf } from '../../src/ids.ts';
import { createLog } from '../../src/log.ts';
import { createDeliverer } from '../../src/reconcile/deliverer.ts';
import { startLoop } from '../../src/reconcile/loop.ts';
import { createDatabase } from '../../src/store/database.ts';
import { createTemporal } from '../../src/temporal/client.ts';
import { addSystemUser } from '../mirror/read-mirror.ts';
import { createTestDatabase } from '../stack/database.ts';
import { createTcpProxy } from '../stack/tcp-proxy.ts';
import type { Takes, takeEvents } from './take-events.workflow.ts';

/** A real worker whose workflow waits for events, on a database of its own; Temporal and PostgreSQL behind proxies. */
export type EventStack = Awaited<ReturnType<typeof createEventStack>>;

export async function createEventStack() {
  install();
  const { address, namespace } = inject('weft').temporal;
  const [host = '', port = ''] = address.split(':');
  const temporalProxy = await createTcpProxy({ host, port: Number(port) });
  const place = await createTestDatabase();
  const url = new URL(place.url);
  const postgresProxy = await createTcpProxy({ host: url.hostname, port: Number(url.port) });
  url.port = String(postgresProxy.port);
  const taskQueue = `events-${randomUUID()}`;
  const database = createDatabase({ url: place.url, name: 'events-test', maxConnections: 12 });
  const ofWorker = createDatabase({ url: url.href, name: 'events-worker', maxConnections: 6 });
  const client = new Client({ connectionString: place.superuserUrl });
  await client.connect();
  for (const tenant of ['default', 'other']) await addSystemUser(client, tenant);
  const outside = new Temporal({ connection: await Connection.connect({ address }), namespace });
  const native = await NativeConnection.connect({ address });
  const workflowBundle = await bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL('take-events.workflow.ts', import.meta.url)),
    logger: new DefaultLogger('ERROR'),
  });
  const stops: (() => Promise<unknown>)[] = [];

  async function work(): Promise<() => Promise<void>> {
    const worker = await Worker.create({
      connection: native,
      namespace,
      taskQueue,
      workflowBundle,
      activities: createEventCalls(ofWorker),
    });
    const running = worker.run();
    const stop = async () => {
      if (worker.getState() === 'RUNNING') worker.shutdown();
      await running;
    };
    stops.push(stop);
    return stop;
  }

  return {
    database,
    superuserUrl: place.superuserUrl,
    temporalProxy,
    postgresProxy,
    outside,
    work,
    /** A deliverer as the API process has it, in this process. */
    deliver: () => {
      const own = createDatabase({ url: place.url, name: 'events-deliverer', maxConnections: 2 });
      const temporal = createTemporal({ address: `127.0.0.1:${temporalProxy.port}`, namespace, taskQueue });
      const log = createLog({ name: 'test', level: 'fatal' });
      const loop = startLoop('events', {
        everyMs: 1_000,
        work: createDeliverer({ database: own, temporal, log }),
        log,
      });
      const unlisten = own.listen('weft_events', loop.wake);
      const stop = async () => {
        unlisten();
        await loop.stop();
        await Promise.all([own.close(), temporal.close()]);
      };
      stops.push(stop);
      return stop;
    },
    /** One in a process of its own, which may be killed. */
    deliverApart: async (): Promise<ChildProcess> => {
      const file = fileURLToPath(new URL('deliver-apart.ts', import.meta.url));
      const child = spawn(process.execPath, ['--import', 'tsx', file, place.url, address, namespace, taskQueue], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      stops.push(async () => {
        if (child.exitCode !== null || child.signalCode !== null) return;
        child.kill('SIGKILL');
        await once(child, 'exit');
      });
      await once(child.stdout, 'data');
      return child;
    },
    query: async (text: string, values: unknown[] = []): Promise<any[]> => (await client.query(text, values)).rows,
    /** An execution that waits as told. */
    start: async (takes: Omit<Takes, 'tenant' | 'executionId'>, tenant = 'default') => {
      const executionId = `ev-${randomUUID()}`;
      await addExecution(client, tenant, executionId);
      const handle: WorkflowHandle<typeof takeEvents> = await outside.workflow.start('takeEvents', {
        taskQueue,
        workflowId: workflowIdOf(tenant, executionId),
        args: [{ tenant, executionId, ...takes }],
      });
      return { executionId, handle };
    },
    addExecution: (executionId: string, tenant = 'default') => addExecution(client, tenant, executionId),
    call: (workflow: 'emitTwice' | 'askOnce', input: object): Promise<any> =>
      outside.workflow.execute(workflow, { taskQueue, workflowId: `call-${randomUUID()}`, args: [input] }),
    close: async () => {
      for (const stop of stops.reverse()) await stop();
      await native.close();
      await outside.connection.close();
      await client.end();
      await Promise.all([database.close(), ofWorker.close()]);
      await Promise.all([temporalProxy.close(), postgresProxy.close()]);
      await place.drop();
    },
  };
}

let isInstalled = false;

/** Once for a process. */
function install(): void {
  if (isInstalled) return;
  isInstalled = true;
  Runtime.install({
    logger: new DefaultLogger('ERROR'),
    telemetryOptions: { logging: { filter: makeTelemetryFilterString({ core: 'ERROR', other: 'ERROR' }) } },
  });
}

async function addExecution(client: Client, tenant: string, id: string): Promise<void> {
  await client.query(`insert into weft.workflow_executions (tenant_id, id, status) values ($1, $2, 'running')`, [
    tenant,
    id,
  ]);
}
