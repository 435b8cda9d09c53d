import { freePort } from '../../src/dev/free-port.ts';
import { createEmptyDatabaseOn } from '../../test/stack/database-on.ts';
import { lineOf, manageProcess } from '../../test/stack/managed-process.ts';
import type { Lab } from '../lab.ts';
import type { Runner } from '../runner.ts';
import { createPeerRunner } from './peer-runner.ts';
import type { Variant } from './variant.ts';

/** DBOS with its defaults, in a database of its own of the same PostgreSQL. */
export const dbos: Variant = { name: 'dbos', start: (lab) => lab.share('dbos', () => startDbos(lab)) };

async function startDbos(lab: Lab): Promise<Runner> {
  const { superuserUrl, drop } = await createEmptyDatabaseOn(lab.servers.postgres.superuserUrl);
  lab.atEnd(drop);
  const port = await freePort(0);
  const worker = manageProcess('bench/peers/dbos.js', {
    // Its driver warns of how it is used.
    env: { ...process.env, ...lab.processEnv, DATABASE_URL: superuserUrl, PORT: String(port), NODE_NO_WARNINGS: '1' },
    ready: (child) => lineOf(child, 'worker ready'),
  });
  lab.atEnd(() => worker.kill('SIGTERM'));
  await worker.start();
  return createPeerRunner({ url: `http://127.0.0.1:${port}`, worker: worker.pid });
}
