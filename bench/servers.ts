import { join } from 'node:path';
import { Client } from 'pg';
import { startPostgres } from '../src/dev/postgres.ts';
import type { Postgres } from '../src/dev/postgres.ts';
import { markProcess } from '../src/dev/process-mark.ts';
import { openTemporaryDirectory, removeTemporaryDirectory } from '../src/dev/stack-directory.ts';
import { writeState } from '../src/dev/stack-state.ts';
import { startTemporal } from '../src/dev/temporal.ts';
import type { TemporalServer } from '../src/dev/temporal.ts';

/** The servers of a run: one PostgreSQL, and a Temporal for whoever wants a fresh one. */
export type Servers = {
  /** Everything of the run is in it; it goes at the end. */
  readonly directory: string;
  readonly postgres: { readonly superuserUrl: string; readonly pid: number };
  /** In memory, dispatch tick off. Its namespaces are `default` and {@link WEFT_NAMESPACE}. */
  readonly startTemporal: () => Promise<TemporalServer>;
  readonly stop: () => Promise<void>;
};

/** Weft's own: its sweeper lists what changed in a namespace, and hand-written workflows are none of its business. */
export const WEFT_NAMESPACE = 'weft';

/** What a killed run left is ended first. */
export async function startServers(): Promise<Servers> {
  const directory = await openTemporaryDirectory('weft-bench-');
  const supervisor = markProcess(process.pid);
  const state = { ...(supervisor && { supervisor }), ports: {}, examples: {} };
  await writeState(directory, state);
  const postgres = await startCounting(join(directory, 'postgres'));
  let latest: TemporalServer | undefined;
  return {
    directory,
    postgres: { superuserUrl: postgres.url, pid: postgres.pid },
    startTemporal: async () => {
      const logFile = join(directory, 'temporal.log');
      const server = await startTemporal({ port: 0, uiPort: 0, namespace: WEFT_NAMESPACE, logFile });
      latest = server;
      await writeState(directory, { ...state, temporal: server.mark });
      return server;
    },
    stop: async () => {
      await latest?.stop();
      await postgres.stop();
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
