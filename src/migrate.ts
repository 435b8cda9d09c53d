import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { Kysely, Migrator, PostgresDialect, sql } from 'kysely';
import type { Migration, MigrationProvider, MigrationResultSet } from 'kysely';
import { Client, escapeIdentifier, escapeLiteral, Pool } from 'pg';

type Options = {
  /** A superuser, or who may create roles and schemas; straight to PostgreSQL, not through a pooler. */
  readonly url: string;
  readonly log?: (line: string) => void;
};

/** From `src/` and from `dist/src/`. */
const DIRECTORY = ['../migrations/', '../../migrations/']
  .map((path) => new URL(path, import.meta.url))
  .find((directory) => existsSync(directory));

/**
 * Brings the database to this version, a transaction per file, and returns the names of what it applied; any number
 * may do so at once.
 * @throws Error that names the file
 */
export async function migrate({ url, log }: Options): Promise<readonly string[]> {
  return withMigrator(url, async (migrator, db) => {
    const applied: string[] = [];
    for (let name = done(await migrator.migrateUp()); name !== undefined; name = done(await migrator.migrateUp())) {
      log?.(`applied ${name}`);
      applied.push(name);
    }
    await sql`select weft.create_month_partitions((now() at time zone 'UTC')::date, 4)`.execute(db);
    return applied;
  });
}

/**
 * Takes the newest migration back, with the data it made room for, and returns its name.
 * @throws Error that names the file
 */
export async function migrateDown({ url, log }: Options): Promise<string | undefined> {
  return withMigrator(url, async (migrator) => {
    const name = done(await migrator.migrateDown());
    if (name !== undefined) log?.(`took back ${name}`);
    return name;
  });
}

/** Every migration of this version, oldest first; `appliedAt` is ISO 8601, null while it is pending. */
export async function migrationStatus({
  url,
}: Options): Promise<readonly { readonly name: string; readonly appliedAt: string | null }[]> {
  return withMigrator(url, async (migrator) => {
    const migrations = await migrator.getMigrations();
    return migrations.map(({ name, executedAt }) => ({ name, appliedAt: executedAt?.toISOString() ?? null }));
  });
}

type Login = {
  /** A superuser, or who may create roles, in the migrated database. */
  readonly url: string;
  readonly name: string;
  readonly password: string;
};

/** Makes (or gives a new password to) the login of the API and the worker; it has no rights until it takes one of its roles on. */
export async function createServiceLogin(login: Login): Promise<void> {
  await withClient(login.url, async (client) => {
    await createLogin(client, login, 'noinherit');
    await client.query(`grant weft_app, weft_engine to ${escapeIdentifier(login.name)}`);
  });
}

/**
 * Makes (or gives a new password to) a login that is tied to one tenant and one user of it: it may read all of schema
 * weft but secrets, use the documents' views, and vote.
 */
export async function createLocalLogin(
  login: Login & {
    /** @default 'default' */
    readonly tenant?: string;
    /** @default 'system' */
    readonly userId?: string;
  },
): Promise<void> {
  const { name, tenant = 'default', userId = 'system' } = login;
  const role = escapeIdentifier(name);
  await withClient(login.url, async (client) => {
    await createLogin(client, login, 'inherit');
    await client.query(`grant weft_readonly, weft_sql to ${role}`);
    await client.query('begin; set local role weft_engine');
    await client.query(
      `insert into weft.sql_logins (role, tenant_id, user_id) values ($1, $2, $3)
       on conflict (role) do update set tenant_id = excluded.tenant_id, user_id = excluded.user_id`,
      [name, tenant, userId],
    );
    await client.query('commit');
  });
}

async function createLogin(client: Client, { name, password }: Login, inheritance: 'inherit' | 'noinherit') {
  const role = escapeIdentifier(name);
  const { rowCount } = await client.query('select from pg_roles where rolname = $1', [name]);
  const verb = rowCount === 0 ? 'create' : 'alter';
  await client.query(`${verb} role ${role} login ${inheritance} password ${escapeLiteral(password)}`);
  const { rows } = await client.query<{ name: string }>('select quote_ident(current_database()) as name');
  await client.query(`grant connect on database ${rows[0]?.name} to ${role}`);
}

async function withClient(url: string, work: (client: Client) => Promise<void>): Promise<void> {
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: 10_000,
    application_name: 'weft migrate',
  });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

async function withMigrator<T>(url: string, work: (migrator: Migrator, db: Kysely<unknown>) => Promise<T>): Promise<T> {
  const pool = new Pool({
    connectionString: url,
    max: 1,
    connectionTimeoutMillis: 10_000,
    application_name: 'weft migrate',
  });
  // Said by the next query.
  pool.on('error', () => undefined);
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
  try {
    return await work(new Migrator({ db, provider, migrationTableSchema: 'weft_migrations' }), db);
  } finally {
    await db.destroy();
  }
}

const provider: MigrationProvider = {
  async getMigrations() {
    if (!DIRECTORY) throw new Error('The folder `migrations` is missing beside the program.');
    const files = (await readdir(DIRECTORY)).filter((file) => file.endsWith('.sql') && !file.endsWith('.down.sql'));
    const names = files.map((file) => file.slice(0, -'.sql'.length));
    return Object.fromEntries(names.map((name) => [name, migrationOf(DIRECTORY, name)]));
  },
};

function migrationOf(directory: URL, name: string): Migration {
  const run = async (db: Kysely<unknown>, file: string) => {
    const text = await readFile(new URL(file, directory), 'utf8');
    // Work that runs is not held up behind a change that waits for a lock.
    await sql`set local lock_timeout = '2s'`.execute(db);
    await sql.raw(text).execute(db);
    // The list of what was applied belongs to the login.
    await sql`reset role`.execute(db);
  };
  return { up: (db) => run(db, `${name}.sql`), down: (db) => run(db, `${name}.down.sql`) };
}

/** @returns the name of the one migration that ran, undefined when there was none */
function done({ error, results }: MigrationResultSet): string | undefined {
  const failed = results?.find(({ status }) => status === 'Error');
  if (error !== undefined) {
    const message = error instanceof Error ? error.message : JSON.stringify(error);
    throw new Error(failed ? `Migration ${failed.migrationName} failed: ${message}` : message, { cause: error });
  }
  return results?.find(({ status }) => status === 'Success')?.migrationName;
}
