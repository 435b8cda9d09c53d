import { join } from 'node:path';
import { Client } from 'pg';
import { startPostgres } from '../src/dev/postgres.ts';
import type { Postgres } from '../src/dev/postgres.ts';
import type { ProcessMark } from '../src/dev/process-mark.ts';
import { markProcess } from '../src/dev/process-mark.ts';
import { openTemporaryDirectory, removeTemporaryDirectory } from '../src/dev/stack-directory.ts';
import { writeState } from '../src/dev/stack-state.ts';
import { startTemporal } from '../src/dev/temporal.ts';
import type { TemporalBinaries } from './temporal-server/install.ts';
import { startTemporalServer } from './temporal-server/start.ts';

/** The servers of a run: one PostgreSQL, and a Temporal for whoever wants a fresh one. */
export type Servers = {
  /** Everything of the run is in it; it goes at the end. */
  readonly directory: string;
  readonly postgres: Store;
  /** Dispatch tick off. Its namespaces are `default` and {@link WEFT_NAMESPACE}. */
  readonly startTemporal: () => Promise<BenchTemporal>;
  readonly stop: () => Promise<void>;
};

export type BenchTemporal = {
  readonly address: string;
  readonly pid: number;
  readonly mark: ProcessMark;
  /** The PostgreSQL that nothing but Temporal's state is in; undefined where that is in memory. */
  readonly store: Store | undefined;
  readonly stop: () => Promise<void>;
};

export type Store = { readonly superuserUrl: string; readonly pid: number };

/** Weft's own: its sweeper lists what changed in a namespace, and hand-written workflows are none of its business. */
export const WEFT_NAMESPACE = 'weft';
const NAMESPACES = ['default', WEFT_NAMESPACE];

/**
 * What a killed run left is ended first.
 * @param binaries of Temporal's own server, which keeps its state in a PostgreSQL; without them the dev server, in memory
 */
export async function startServers(binaries?: TemporalBinaries): Promise<Servers> {
  const own = await openStore();
  const other = binaries && (await openStore());
  const { directory } = own;
  let latest: BenchTemporal | undefined;
  let number = 0;
  return {
    directory,
    postgres: own.store,
    startTemporal: async () => {
      const server =
        binaries && other
          ? await startTemporalServer({
              ...{ binaries, directory, namespaces: NAMESPACES, number: ++number },
              postgresUrl: other.store.superuserUrl,
            })
          : await startTemporal({
              ...{ port: 0, uiPort: 0, namespace: WEFT_NAMESPACE },
              logFile: join(directory, 'temporal.log'),
            });
      latest = { ...server, store: other?.store };
      await writeState(directory, { ...own.state, temporal: server.mark });
      return latest;
    },
    stop: async () => {
      await latest?.stop();
      await other?.close();
      await own.close();
    },
  };
}

/** A PostgreSQL in a directory that goes with it. */
async function openStore() {
  const directory = await openTemporaryDirectory('weft-bench-');
  const supervisor = markProcess(process.pid);
  const state = { ...(supervisor && { supervisor }), ports: {}, examples: {} };
  await writeState(directory, state);
  const { url, pid, stop } = await startCounting(join(directory, 'postgres'));
  return {
    directory,
    state,
    store: { superuserUrl: url, pid },
    close: async () => {
      await stop();
      await removeTemporaryDirectory(directory);
    },
  };
}

/** PostgreSQL with `pg_stat_statements`, which has to be there when it starts. */
async function startCounting(dataDirectory: string): Promise<Postgres> {
  const first = await startPostgres({ dataDirectory, port: 0 });
  const client = new Client({ connectionString: first.url });
  await client.connect();
  await client.query(`alter system set shared_preload_libraries = 'pg_stat_statements'`);
  // After each checkpoint whole pages go to the WAL: whose turn that hits would be chance.
  await client.query(`alter system set checkpoint_timeout = '1d'`);
  await client.query(`alter system set max_wal_size = '8GB'`);
  await client.end();
  await first.stop();
  return await startPostgres({ dataDirectory, port: first.port });
}
