import { randomBytes } from 'node:crypto';
import { freePort } from '../src/dev/free-port.ts';
import { createDatabase } from '../src/store/database.ts';
import { seedLocalUsers } from '../src/store/seed-local.ts';
import { lineOf, manageProcess } from '../test/stack/managed-process.ts';
import { until } from '../test/stack/until.ts';
import type { Json } from '../src/contract.ts';
import { ask } from './ask.ts';
import type { Lab } from './lab.ts';
import { WEFT_NAMESPACE } from './servers.ts';

/** Calls the API; gives what it answers. @throws Error with the problem that it answers */
export type Call = (method: string, path: string, body?: Json) => Promise<{ readonly [name: string]: unknown }>;

/** An installation as in production: an API with its reconciler, a worker, the whole mirror. */
export type Weft = {
  /** Process ids. */
  readonly api: () => number;
  readonly worker: () => number;
  readonly developer: Call;
  /** May approve what the developer started. */
  readonly manager: Call;
};

export async function startWeft(lab: Lab): Promise<Weft> {
  const keys = { developerKey: randomBytes(24).toString('hex'), managerKey: randomBytes(24).toString('hex') };
  const seeding = createDatabase({ url: lab.databaseUrl, name: 'seed' });
  await seedLocalUsers(seeding, keys);
  await seeding.close();
  const port = await freePort(0);
  const url = `http://127.0.0.1:${port}`;
  const env = {
    ...process.env,
    ...lab.processEnv,
    DATABASE_URL: lab.databaseUrl,
    TEMPORAL_ADDRESS: lab.temporal.address,
    TEMPORAL_NAMESPACE: WEFT_NAMESPACE,
    WEFT_PORT: String(port),
    WEFT_EXECUTORS: './dist/bench/step.js',
    WEFT_LOG_LEVEL: 'warn',
  };
  const api = manageProcess('dist/src/server.js', {
    env,
    ready: async () => {
      await until('the API answers', async () => (await fetch(`${url}/healthz`).catch(() => undefined))?.ok);
    },
  });
  const worker = manageProcess('dist/src/worker.js', { env, ready: (child) => lineOf(child, 'worker ready') });
  lab.atEnd(() => Promise.all([api.kill('SIGTERM'), worker.kill('SIGTERM')]));
  await Promise.all([api.start(), worker.start()]);
  return {
    api: api.pid,
    worker: worker.pid,
    developer: createCall(url, keys.developerKey),
    manager: createCall(url, keys.managerKey),
  };
}

function createCall(url: string, key: string): Call {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  return async (method, path, body) => {
    const sent = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    const { status, text } = await ask(`${url}/api/v1${path}`, sent);
    if (status >= 300) throw new Error(`${method} ${path}: ${status} ${text}`);
    return JSON.parse(text) as { readonly [name: string]: unknown };
  };
}
