import { randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { Pool } from 'pg';
import { freePort } from '../../src/dev/free-port.ts';
import { createDatabase } from '../../src/store/database.ts';
import { seedLocalUsers } from '../../src/store/seed-local.ts';
import type { Caller } from '../stack/caller.ts';
import { createCaller } from '../stack/caller.ts';
import { createDatabaseOn } from '../stack/database-on.ts';
import type { Ledger } from '../stack/ledger.ts';
import { startLedger } from '../stack/ledger.ts';
import type { ManagedProcess } from '../stack/managed-process.ts';
import { lineOf, manageProcess } from '../stack/managed-process.ts';
import type { TcpProxy } from '../stack/tcp-proxy.ts';
import { createTcpProxy } from '../stack/tcp-proxy.ts';
import { until } from '../stack/until.ts';
import { prepareDatabase } from './prepare-database.ts';
import type { Servers } from './servers.ts';
import { startServers } from './servers.ts';

/** A process of ours and its own two ways to the servers. */
export type Service = ManagedProcess & {
  readonly name: string;
  readonly postgres: TcpProxy;
  readonly temporal: TcpProxy;
};

/** An API process: the reconciler runs in it, too. */
export type Api = Service & { readonly url: string; readonly developer: Caller; readonly manager: Caller };

/** A whole Weft that may be broken anywhere. */
export type Lab = {
  readonly servers: Servers;
  readonly api: Api;
  /** Not running unless a fault starts it. */
  readonly secondApi: Api;
  readonly workers: readonly Service[];
  readonly ledger: Ledger;
  readonly taskQueue: string;
  /** A superuser's, past the proxies. */
  readonly database: Pool;
  /** Past the proxies. */
  readonly temporal: Client;
  readonly stop: () => Promise<void>;
};

/** Longest wait of a caller for an answer, ms. */
const ANSWER_MS = 20_000;

/** Starts servers, API and two workers; about 15 s. */
export async function startLab(): Promise<Lab> {
  const servers = await startServers();
  const ends: (() => Promise<unknown>)[] = [servers.stop];
  const stop = async (): Promise<void> => {
    for (const end of ends.reverse()) await end().catch((error: unknown) => console.error(error));
  };
  try {
    return { ...(await startWith(servers, (end) => ends.push(end))), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startWith(servers: Servers, atEnd: (end: () => Promise<unknown>) => void): Promise<Omit<Lab, 'stop'>> {
  const { url, superuserUrl } = await createDatabaseOn(servers.postgres.superuserUrl);
  const keys = { developerKey: randomBytes(24).toString('hex'), managerKey: randomBytes(24).toString('hex') };
  const seeding = createDatabase({ url, name: 'seed' });
  await seedLocalUsers(seeding, keys);
  await seeding.close();
  const database = new Pool({ connectionString: superuserUrl, max: 4 });
  // It is lost whenever the server crashes.
  database.on('error', () => undefined);
  atEnd(() => database.end());
  await prepareDatabase(database);
  const connection = await Connection.connect({ address: servers.temporal.address });
  atEnd(() => connection.close());
  const ledger = await startLedger(20);
  atEnd(ledger.close);
  const taskQueue = `weft-${randomUUID()}`;

  async function ways(): Promise<{ env: NodeJS.ProcessEnv; postgres: TcpProxy; temporal: TcpProxy }> {
    const real = new URL(url);
    const postgres = await createTcpProxy({ host: real.hostname, port: Number(real.port) });
    const [host = '', port] = servers.temporal.address.split(':');
    const temporal = await createTcpProxy({ host, port: Number(port) });
    atEnd(() => Promise.all([postgres.close(), temporal.close()]));
    real.port = String(postgres.port);
    const env = {
      ...process.env,
      DATABASE_URL: real.href,
      TEMPORAL_ADDRESS: `127.0.0.1:${temporal.port}`,
      TEMPORAL_NAMESPACE: servers.temporal.namespace,
      WEFT_TASK_QUEUE: taskQueue,
      WEFT_HTTP_ALLOW_PRIVATE: 'true',
      WEFT_LOG_LEVEL: process.env['WEFT_TEST_LOG'] ?? 'info',
    };
    return { env, postgres, temporal };
  }
  async function worker(name: string): Promise<Service> {
    const { env, ...proxies } = await ways();
    const logFile = join(servers.directory, `${name}.log`);
    const ready = (child: Parameters<typeof lineOf>[0]) => lineOf(child, 'worker ready');
    return { name, ...proxies, ...manageProcess('src/worker.ts', { env, logFile, ready, detached: true }) };
  }
  async function api(name: string, port: number): Promise<Api> {
    const { env, ...proxies } = await ways();
    const address = `http://127.0.0.1:${port}`;
    const process = manageProcess('src/server.ts', {
      env: { ...env, WEFT_PORT: String(port) },
      logFile: join(servers.directory, `${name}.log`),
      detached: true,
      ready: async () => {
        await until(`${name} answers`, async () => (await fetch(`${address}/healthz`).catch(() => undefined))?.ok);
      },
    });
    const developer = createCaller(address, keys.developerKey, ANSWER_MS);
    const manager = createCaller(address, keys.managerKey, ANSWER_MS);
    return { name, url: address, developer, manager, ...proxies, ...process };
  }

  const first = 28_000 + (process.pid % 1_000) * 4;
  const port = await freePort(first);
  const lab = {
    servers,
    ledger,
    taskQueue,
    database,
    temporal: new Client({ connection, namespace: servers.temporal.namespace }),
    api: await api('api', port),
    secondApi: await api('api-2', await freePort(port + 1)),
    workers: [await worker('worker-1'), await worker('worker-2')],
  };
  const services = [...lab.workers, lab.api, lab.secondApi];
  atEnd(() =>
    Promise.all(
      services.map((service) => {
        // One that is stopped could not end.
        service.send('SIGCONT');
        return endIn(service, 12_000);
      }),
    ),
  );
  await Promise.all([lab.api, ...lab.workers].map((service) => service.start()));
  return lab;
}

async function endIn(service: ManagedProcess, ms: number): Promise<void> {
  const forced = setTimeout(() => service.send('SIGKILL'), ms);
  await service.kill('SIGTERM');
  clearTimeout(forced);
}
