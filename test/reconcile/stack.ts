import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { inject } from 'vitest';
import { builtIn, describeCatalog } from '../../activities/catalog.ts';
import type { Executor } from '../../activities/define-executor.ts';
import { readConfig } from '../../src/config.ts';
import { createLog } from '../../src/log.ts';
import type { ExecutionDetail } from '../../src/mirror/read-executions.ts';
import { readExecution } from '../../src/operations/read-executions.ts';
import { saveDefinition } from '../../src/operations/save-definition.ts';
import { startExecution } from '../../src/operations/start-execution.ts';
import { createStartNotes } from '../../src/operations/start-notes.ts';
import type { StartRequest } from '../../src/operations/start-execution.ts';
import { startReconciler } from '../../src/reconcile/index.ts';
import type { Reconciler } from '../../src/reconcile/index.ts';
import { startWorker } from '../../src/start-worker.ts';
import { createDatabase } from '../../src/store/database.ts';
import { createPayloadStore } from '../../src/store/payloads.ts';
import { createUser } from '../../src/store/users.ts';
import { createTemporal } from '../../src/temporal/client.ts';
import { createTestDatabase } from '../stack/database.ts';
import { createTcpProxy } from '../stack/tcp-proxy.ts';

export const developer = person('developer');
export const manager = person('manager');

/** The parts of the API process in this one, on a database and a task queue of its own; Temporal behind a proxy. */
export type Stack = Awaited<ReturnType<typeof createStack>>;

/**
 * @param executors beside the built-in ones, as definitions know them
 * @param own another Temporal than the one of all tests
 */
export async function createStack(
  executors: readonly Executor[] = [],
  own?: { readonly address: string; readonly namespace: string },
) {
  const { address, namespace } = own ?? inject('weft').temporal;
  const [host = '', port = ''] = address.split(':');
  const proxy = await createTcpProxy({ host, port: Number(port) });
  const testDatabase = await createTestDatabase();
  const taskQueue = `reconcile-${randomUUID()}`;
  const log = createLog({ name: 'test', level: 'error' });
  const database = createDatabase({ url: testDatabase.url, name: 'reconcile-test' });
  const temporal = createTemporal({
    address: `127.0.0.1:${proxy.port}`,
    namespace,
    taskQueue,
    payloads: createPayloadStore(database),
  });
  const connection = await Connection.connect({ address });
  const catalog = describeCatalog([...builtIn, ...executors]);
  const startNotes = createStartNotes(database);
  const parts = { database, temporal, catalog, log, localActivities: true, startNotes };
  const stops: (() => Promise<unknown>)[] = [];
  await database.asApp({ tenant: 'default', userId: 'system' }, async (session) => {
    for (const { userId: id } of [developer, manager]) {
      await createUser(session, { id, username: id, name: id, email: `${id}@test.local`, roles: [] });
    }
  });

  return {
    ...parts,
    proxy,
    namespace,
    taskQueue,
    superuserUrl: testDatabase.superuserUrl,
    /** Straight to Temporal, as an operator has it. */
    outside: new Client({ connection, namespace }).workflow,
    /** Starts a worker of this queue; the returned function stops it. */
    work: async (more: { readonly [setting: string]: string } = {}, own: readonly Executor[] = executors) => {
      const config = readConfig({
        DATABASE_URL: testDatabase.url,
        TEMPORAL_ADDRESS: address,
        TEMPORAL_NAMESPACE: namespace,
        WEFT_TASK_QUEUE: taskQueue,
        ...more,
      });
      const worker = await startWorker({ config, executors: own, log: createLog({ name: 'worker', level: 'fatal' }) });
      const stop = async () => {
        worker.stop();
        await worker.done;
      };
      stops.push(stop);
      return stop;
    },
    reconcile: (): Reconciler => {
      const reconciler = startReconciler({ ...parts, config: { WEFT_LOCAL_ACTIVITIES: true } });
      stops.push(() => reconciler.stop());
      return reconciler;
    },
    save: (name: string, text: string) =>
      saveDefinition({ database, catalog }, developer, { name, draft: false, source: { text, format: 'yaml' } }),
    start: async (workflow: string, more: Partial<StartRequest> = {}) => {
      const { id } = await startExecution(parts, developer, { workflow, input: {}, ...more });
      return id;
    },
    read: (id: string) => readExecution(database, developer, id),
    /** Reads it until it is as wanted. */
    until: (id: string, isWanted: (execution: ExecutionDetail) => boolean, ms = 20_000) =>
      poll(() => readExecution(database, developer, id), isWanted, ms),
    rows: async (sqlText: string): Promise<Record<string, unknown>[]> => {
      const { CompiledQuery } = await import('kysely');
      return database.asEngine(async (session) => {
        const { rows } = await session.executeQuery(CompiledQuery.raw(sqlText));
        return rows as Record<string, unknown>[];
      });
    },
    close: async () => {
      for (const stop of stops.reverse()) await stop();
      await connection.close();
      await Promise.all([temporal.close(), database.close()]);
      await proxy.close();
      await testDatabase.drop();
    },
  };
}

/** Asks again and again. @throws Error with what it was last */
export async function poll<T>(get: () => Promise<T>, isWanted: (value: T) => boolean, ms = 20_000): Promise<T> {
  const end = Date.now() + ms;
  for (;;) {
    const value = await get();
    if (isWanted(value)) return value;
    if (Date.now() > end) throw new Error(`after ${ms} ms it is still ${JSON.stringify(value)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function person(name: string) {
  return {
    tenant: 'default',
    userId: name,
    username: name,
    email: `${name}@test.local`,
    roles: [name],
    groups: [],
  };
}
