import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { Pool } from 'pg';
import { createDatabaseOn } from '../test/stack/database-on.ts';
import { PROFILES_VARIABLE, profilesIn } from './profile/record.ts';
import type { BenchTemporal, Servers } from './servers.ts';

/** What one comparison runs in: a Temporal and a database of its own, and whatever processes its variants share. */
export type Lab = {
  readonly servers: Servers;
  readonly temporal: Pick<BenchTemporal, 'address' | 'pid' | 'store'>;
  /** Weft's login. */
  readonly databaseUrl: string;
  /** What every measured process is started with beside its own settings. */
  readonly processEnv: NodeJS.ProcessEnv;
  /** A superuser's. */
  readonly database: Pool;
  /** A superuser's, of the PostgreSQL that Temporal keeps its state in, where it does. */
  readonly storeDatabase: Pool | undefined;
  /** For a namespace. */
  readonly client: (namespace: string) => Client;
  /** What was made under this name, once for the whole comparison. */
  readonly share: <T>(name: string, make: () => Promise<T>) => Promise<T>;
  /** Done at the end, the last one first. */
  readonly atEnd: (end: () => Promise<unknown>) => void;
};

/** Let the measurement ask for a collection of garbage, for a profile. */
const PRELOADED = ['gc-on-signal.cjs', 'profile-on-signal.cjs'].map((file) =>
  join(import.meta.dirname, 'measure', file),
);

/** Sets a lab up, works in it and takes it down. @param profiles directory for profiles, where some are wanted */
export async function inLab<T>(
  servers: Servers,
  profiles: string | undefined,
  work: (lab: Lab) => Promise<T>,
): Promise<T> {
  const ends: (() => Promise<unknown>)[] = [];
  const shared = new Map<string, Promise<unknown>>();
  const atEnd = (end: () => Promise<unknown>): void => void ends.push(end);
  try {
    const temporal = await servers.startTemporal();
    atEnd(temporal.stop);
    const { url, superuserUrl, drop } = await createDatabaseOn(servers.postgres.superuserUrl);
    atEnd(drop);
    const database = new Pool({ connectionString: superuserUrl, max: 2 });
    atEnd(() => database.end());
    await countStatements(database);
    const { store } = temporal;
    const storeDatabase = store && new Pool({ connectionString: store.superuserUrl, max: 1 });
    if (storeDatabase) atEnd(() => storeDatabase.end());
    const connection = await Connection.connect({ address: temporal.address });
    atEnd(() => connection.close());
    return await work({
      servers,
      temporal,
      databaseUrl: url,
      processEnv: {
        NODE_OPTIONS: [process.env['NODE_OPTIONS'] ?? '', ...PRELOADED.map((file) => `--require "${file}"`)].join(' '),
        ...(profiles !== undefined && { [PROFILES_VARIABLE]: profilesIn(profiles) }),
      },
      database,
      storeDatabase,
      client: (namespace) => new Client({ connection, namespace }),
      share: <S>(name: string, make: () => Promise<S>) => {
        const made = (shared.get(name) as Promise<S> | undefined) ?? make();
        shared.set(name, made);
        return made;
      },
      atEnd,
    });
  } finally {
    for (const end of ends.reverse()) await end().catch((error: unknown) => console.error(error));
  }
}

/** A transaction's begin, settings and commit are no statements in the sense of the figures. */
async function countStatements(database: Pool): Promise<void> {
  await database.query(`
    create extension pg_stat_statements;
    do $$ begin
      execute format('alter database %I set pg_stat_statements.track_utility = off', current_database());
    end $$`);
}
