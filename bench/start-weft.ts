import { randomBytes } from 'node:crypto';
import { freePort } from '../src/dev/free-port.ts';
import { createDatabase } from '../src/store/database.ts';
import { seedLocalUsers } from '../src/store/seed-local.ts';
import type { Caller } from '../test/stack/caller.ts';
import { createCaller } from '../test/stack/caller.ts';
import { lineOf, manageProcess } from '../test/stack/managed-process.ts';
import { until } from '../test/stack/until.ts';
import type { Lab } from './lab.ts';
import { WEFT_NAMESPACE } from './servers.ts';

/** An installation as in production: an API with its reconciler, a worker, the whole mirror. */
export type Weft = {
  /** Process ids. */
  readonly api: () => number;
  readonly worker: () => number;
  readonly developer: Caller;
  /** May approve what the developer started. */
  readonly manager: Caller;
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
    developer: createCaller(url, keys.developerKey),
    manager: createCaller(url, keys.managerKey),
  };
}
