import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { inject } from 'vitest';
import type { Json } from '../../src/contract.ts';
import { createDatabase } from '../../src/store/database.ts';
import { seedLocalUsers } from '../../src/store/seed-local.ts';
import { createTestDatabase } from './database.ts';
import type { TcpProxy } from './tcp-proxy.ts';
import { createTcpProxy } from './tcp-proxy.ts';

export type Answer = { readonly status: number; readonly headers: Headers; readonly body: any };
export type Caller = (
  method: string,
  path: string,
  body?: Json,
  headers?: { readonly [name: string]: string },
) => Promise<Answer>;

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
  readonly stop: () => Promise<void>;
};

export type ManagedProcess = {
  readonly pid: () => number;
  readonly kill: (signal: NodeJS.Signals) => Promise<void>;
  readonly start: () => Promise<void>;
};

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
    WEFT_PORT: String(await freePort()),
    WEFT_HTTP_ALLOW_PRIVATE: 'true',
    WEFT_EXECUTORS: './examples/executors/index.ts',
    WEFT_LOG_LEVEL: process.env['WEFT_TEST_LOG'] ?? 'error',
  };
  const url = `http://127.0.0.1:${env.WEFT_PORT}`;
  const api = manage('src/server.ts', env, async () => {
    await until('the API answers', async () => (await fetch(`${url}/healthz`).catch(() => undefined))?.ok);
  });
  const worker = manage('src/worker.ts', env, (child) => lineOf(child, 'worker ready'));
  await Promise.all([api.start(), worker.start()]);

  const developer = caller(url, keys.developer);
  return {
    url,
    keys,
    developer,
    manager: caller(url, keys.manager),
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
    stop: async () => {
      await Promise.all([api.kill('SIGTERM'), worker.kill('SIGTERM')]);
      await Promise.all([postgres.close(), temporal.close()]);
      await database.drop();
    },
  };
}

function caller(url: string, key: string): Caller {
  return async (method, path, body, headers = {}) => {
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text === '' ? null : JSON.parse(text) };
  };
}

function manage(script: string, env: NodeJS.ProcessEnv, ready: (child: ChildProcess) => Promise<void>): ManagedProcess {
  let child: ChildProcess | undefined;
  return {
    pid: () => child?.pid ?? 0,
    start: async () => {
      const started = spawn(process.execPath, ['--import', 'tsx', script], {
        env,
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      child = started;
      // A test run that is killed must not leave it behind.
      process.once('exit', () => started.kill('SIGKILL'));
      await ready(started);
      started.stdout.resume();
    },
    kill: async (signal) => {
      if (!child || child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill(signal);
      await exited;
    },
  };
}

async function lineOf(child: ChildProcess, text: string): Promise<void> {
  let seen = '';
  for (;;) {
    const [chunk] = (await Promise.race([
      once(child.stdout ?? child, 'data'),
      once(child, 'exit').then(() => {
        throw new Error(`it ended before it said '${text}': ${seen}`);
      }),
    ])) as [Buffer];
    seen += chunk.toString();
    if (seen.includes(text)) return;
  }
}

/** Asks until there is an answer. @throws Error that says what was waited for, after `ms` */
export async function until<T>(what: string, get: () => Promise<T | undefined | false>, ms = 30_000): Promise<T> {
  const end = Date.now() + ms;
  for (;;) {
    const value = await get();
    if (value !== undefined && value !== false) return value;
    if (Date.now() > end) throw new Error(`waited ${ms} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function freePort(): Promise<number> {
  const proxy = await createTcpProxy({ host: '127.0.0.1', port: 1 });
  await proxy.close();
  return proxy.port;
}
