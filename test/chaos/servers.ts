import { join } from 'node:path';
import { freePort } from '../../src/dev/free-port.ts';
import { startPostgres } from '../../src/dev/postgres.ts';
import { isRunning, markProcess } from '../../src/dev/process-mark.ts';
import { openTemporaryDirectory, removeTemporaryDirectory } from '../../src/dev/stack-directory.ts';
import { writeState } from '../../src/dev/stack-state.ts';
import { startTemporal } from '../../src/dev/temporal.ts';
import { until } from '../stack/until.ts';

/** A server that can die in an instant, and comes back with its data on its port. */
export type Server = {
  /** Ends it without a chance to write anything down. */
  readonly crash: () => Promise<void>;
  readonly start: () => Promise<void>;
};

export type Servers = {
  /** Everything of the run is in it. */
  readonly directory: string;
  readonly postgres: Server & { readonly superuserUrl: string };
  readonly temporal: Server & { readonly address: string; readonly namespace: string; readonly dataFile: string };
  readonly stop: () => Promise<void>;
};

/** Below the ports that the system gives to connections: one that is free while its server is down must stay so. */
const FIRST_PORT = 18_000;

/** PostgreSQL and Temporal on files in a temporary directory; what a killed run left behind is cleaned up. */
export async function startServers(): Promise<Servers> {
  const directory = await openTemporaryDirectory('weft-chaos-');
  const supervisor = { supervisor: markProcess(process.pid)!, ports: {}, examples: {} };
  await writeState(directory, supervisor);
  const first = FIRST_PORT + (process.pid % 1_000) * 10;
  const ports = { postgres: await freePort(first), temporal: await freePort(first + 3), ui: await freePort(first + 6) };
  const dataFile = join(directory, 'temporal.db');

  async function runPostgres() {
    const running = await startPostgres({
      dataDirectory: join(directory, 'postgres'),
      port: ports.postgres,
      durable: false,
    });
    if (running.port === ports.postgres) return running;
    await running.stop();
    throw new Error('the port of PostgreSQL was taken');
  }
  async function runTemporal() {
    const running = await startTemporal({
      port: ports.temporal,
      uiPort: ports.ui,
      dataFile,
      durable: false,
      logFile: join(directory, 'temporal.log'),
    });
    await writeState(directory, { ...supervisor, temporal: running.mark });
    if (running.port === ports.temporal) return running;
    await running.stop();
    throw new Error('the port of Temporal was taken');
  }
  let [postgres, temporal] = await Promise.all([runPostgres(), runTemporal()]);

  return {
    directory,
    postgres: {
      superuserUrl: postgres.url,
      // As `pg_ctl stop -m immediate`: no checkpoint, its next start recovers from the log.
      crash: () => end(postgres.pid, 'SIGQUIT'),
      start: async () => {
        postgres = await runPostgres();
      },
    },
    temporal: {
      address: temporal.address,
      namespace: temporal.namespace,
      dataFile,
      crash: () => end(temporal.pid, 'SIGKILL'),
      start: async () => {
        temporal = await runTemporal();
      },
    },
    stop: async () => {
      await Promise.all([postgres.stop(), temporal.stop()]);
      await removeTemporaryDirectory(directory);
    },
  };
}

async function end(pid: number, signal: NodeJS.Signals): Promise<void> {
  const mark = markProcess(pid);
  if (mark === undefined) return;
  process.kill(pid, signal);
  await until(`process ${pid} has ended`, () => Promise.resolve(!isRunning(mark)));
}
