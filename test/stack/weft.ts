import { randomBytes, randomUUID } from 'node:crypto';
import { inject } from 'vitest';
import type { Json } from '../../src/contract.ts';
import { freePort } from '../../src/dev/free-port.ts';
import { createDatabase } from '../../src/store/database.ts';
import { seedLocalUsers } from '../../src/store/seed-local.ts';
import type { Caller } from './caller.ts';
import { createCaller } from './caller.ts';
import { createTestDatabase } from './database.ts';
import type { ManagedProcess } from './managed-process.ts';
import { lineOf, manageProcess } from './managed-process.ts';
import type { TcpProxy } from './tcp-proxy.ts';
import { createTcpProxy } from './tcp-proxy.ts';
import { until } from './until.ts';
import { verifyAll } from './verify-all.ts';

/** API and worker as processes of their own, PostgreSQL and Temporal behind proxies: what an operator runs, and can lose. */
export type TestWeft = {
  readonly url: string;
  readonly keys: { readonly developer: string; readonly manager: string };
  readonly developer: Caller;
  readonly manager: Caller;
  readonly superuserUrl: string;
  readonly taskQueue: string;
  readonly postgres: TcpProxy;
  readonly temporal: TcpProxy;
  readonly worker: ManagedProcess;
  readonly api: ManagedProcess;
  readonly save: (yaml: string, name: string) => Promise<void>;
  /** Starts and waits until it has ended. */
  readonly run: (workflow: string, input: Json) => Promise<any>;
  readonly until: <T>(what: string, get: () => Promise<T | undefined | false>, ms?: number) => Promise<T>;
  /** Ends it; first the mirror is held against all histories, unless the test did so. @throws Error where they differ */
  readonly stop: (options?: { readonly isVerified: boolean }) => Promise<void>;
};

const NOT_VERIFIED = { differing: [], summary: 'left out, the test compares each execution itself' };

/** @param own another Temporal than the one of all tests */
export async function startWeft(own?: { readonly address: string; readonly namespace: string }): Promise<TestWeft> {
  const temporalServer = own ?? inject('weft').temporal;
  const database = await createTestDatabase();
  const keys = {
    developer: `weft_test_${randomBytes(24).toString('hex')}`,
    manager: `weft_test_${randomBytes(24).toString('hex')}`,
  };
  const seeding = createDatabase({ url: database.url, name: 'seed' });
  await seedLocalUsers(seeding, { developerKey: keys.developer, managerKey: keys.manager });
  await seeding.close();

  const real = new URL(database.url);
  const postgres = await createTcpProxy({ host: real.hostname, port: Number(real.port) });
  const [host = '127.0.0.1', port = '7233'] = temporalServer.address.split(':');
  const temporal = await createTcpProxy({ host, port: Number(port) });
  real.port = String(postgres.port);
  const taskQueue = `weft-${randomUUID()}`;
  const env = {
    ...process.env,
    DATABASE_URL: real.href,
    TEMPORAL_ADDRESS: `127.0.0.1:${temporal.port}`,
    TEMPORAL_NAMESPACE: temporalServer.namespace,
    WEFT_TASK_QUEUE: taskQueue,
    WEFT_PORT: String(await freePort(0)),
    WEFT_HTTP_ALLOW_PRIVATE: 'true',
    WEFT_EXECUTORS: './examples/executors/index.ts',
    WEFT_LOG_LEVEL: process.env['WEFT_TEST_LOG'] ?? 'error',
  };
  const url = `http://127.0.0.1:${env.WEFT_PORT}`;
  const api = manageProcess('src/server.ts', {
    env,
    ready: async () => {
      await until('the API answers', async () => (await fetch(`${url}/healthz`).catch(() => undefined))?.ok);
    },
  });
  const worker = manageProcess('src/worker.ts', { env, ready: (child) => lineOf(child, 'worker ready') });
  await Promise.all([api.start(), worker.start()]);

  const developer = createCaller(url, keys.developer);
  return {
    url,
    keys,
    developer,
    manager: createCaller(url, keys.manager),
    superuserUrl: database.superuserUrl,
    taskQueue,
    postgres,
    temporal,
    worker,
    api,
    save: async (yaml, name) => {
      const response = await fetch(`${url}/api/v1/workflows/${name}`, {
        method: 'PUT',
        headers: { authorization: `Bearer ${keys.developer}`, 'content-type': 'application/yaml' },
        body: yaml,
      });
      if (!response.ok) throw new Error(`${name}: ${await response.text()}`);
    },
    run: async (workflow, input) => {
      const { body } = await developer('POST', '/executions', { workflow, input });
      return (await developer('GET', `/executions/${body.id}?wait=60s`)).body;
    },
    until,
    stop: async ({ isVerified } = { isVerified: false }) => {
      const { differing, summary } = isVerified ? NOT_VERIFIED : await verifyAll(url, keys.developer);
      console.log(`weft verify --all: ${summary}`);
      await Promise.all([api.kill('SIGTERM'), worker.kill('SIGTERM')]);
      await Promise.all([postgres.close(), temporal.close()]);
      await database.drop();
      if (differing.length > 0) throw new Error(`the mirror differs: ${JSON.stringify(differing.slice(0, 20))}`);
    },
  };
}
