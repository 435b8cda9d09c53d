import { createHash, randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import { createServiceLogin, migrate } from '../../src/migrate.ts';

export type TestDatabase = {
  /** Logs in as the service: a member of weft_app and weft_engine. */
  readonly url: string;
  readonly superuserUrl: string;
  /** Throws away the database, whoever is still connected. */
  readonly drop: () => Promise<void>;
};

export const SERVICE = { name: 'weft_test_service', password: 'weft-test' };
const MIGRATIONS = join(import.meta.dirname, '..', '..', 'migrations');

/**
 * A database of its own with every migration applied, copied from a template that is migrated once per set of migrations.
 * @param serverUrl a superuser's
 */
export async function createDatabaseOn(serverUrl: string): Promise<TestDatabase> {
  const name = `weft_test_${randomBytes(6).toString('hex')}`;
  await onServer(serverUrl, async (server) => {
    const template = await ensureTemplate(serverUrl, server);
    await server.query(`create database ${name} template ${template} strategy file_copy`);
  });
  const url = new URL(urlOf(serverUrl, name));
  url.username = SERVICE.name;
  url.password = SERVICE.password;
  return {
    url: url.href,
    superuserUrl: urlOf(serverUrl, name),
    drop: () => onServer(serverUrl, (server) => server.query(`drop database if exists ${name} with (force)`)),
  };
}

/** A database with nothing in it. */
export async function createEmptyDatabaseOn(serverUrl: string): Promise<Omit<TestDatabase, 'url'>> {
  const name = `weft_test_${randomBytes(6).toString('hex')}`;
  await onServer(serverUrl, (server) => server.query(`create database ${name}`));
  return {
    superuserUrl: urlOf(serverUrl, name),
    drop: () => onServer(serverUrl, (server) => server.query(`drop database if exists ${name} with (force)`)),
  };
}

/** Roles belong to the whole server, so only one test file at a time may migrate. */
async function ensureTemplate(serverUrl: string, server: Client): Promise<string> {
  const template = `weft_template_${await hashMigrations()}`;
  await server.query('select pg_advisory_lock(8700)');
  try {
    const { rowCount } = await server.query('select 1 from pg_database where datname = $1', [template]);
    if (rowCount !== 0) return template;
    const unfinished = `${template}_unfinished`;
    await server.query(`drop database if exists ${unfinished} with (force)`);
    await server.query(`create database ${unfinished}`);
    await migrate({ url: urlOf(serverUrl, unfinished) });
    await createServiceLogin({ url: urlOf(serverUrl, unfinished), ...SERVICE });
    await server.query(`alter database ${unfinished} rename to ${template}`);
    return template;
  } finally {
    await server.query('select pg_advisory_unlock(8700)');
  }
}

async function hashMigrations(): Promise<string> {
  const hash = createHash('sha256');
  for (const name of (await readdir(MIGRATIONS)).sort())
    hash.update(name).update(await readFile(join(MIGRATIONS, name)));
  return hash.digest('hex').slice(0, 16);
}

function urlOf(serverUrl: string, database: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  return url.href;
}

async function onServer(serverUrl: string, work: (server: Client) => Promise<unknown>): Promise<void> {
  const server = new Client({ connectionString: urlOf(serverUrl, 'postgres') });
  await server.connect();
  try {
    await work(server);
  } finally {
    await server.end();
  }
}
