import pg from 'pg';
import { migrationStatus } from '../../migrate.ts';

const PATIENCE_MS = 5_000;
/** A comparison takes a second; after so long something is wrong. */
const LONG_SECONDS = 60;

/** @returns the server's version */
export async function examineDatabase(url: string | undefined): Promise<string> {
  const [row] = await ask<{ version: string }>(url, `select current_setting('server_version') as version`);
  return `PostgreSQL ${row?.version ?? ''}`;
}

/** @throws Error where the schema is missing or behind */
export async function examineMigrations(url: string | undefined): Promise<string> {
  const [row] = await ask<{ readable: boolean }>(
    url,
    `select to_regclass('weft.workflow_executions') is not null as there,
            coalesce(has_schema_privilege('weft_migrations', 'usage'), false) as readable
       from (select 1) one where exists (select from pg_namespace where nspname = 'weft')`,
  );
  if (row === undefined || url === undefined) throw new Error('The schema weft is missing: run `weft migrate up`.');
  if (!row.readable) return 'the schema weft is there; this login may not see its version';
  const migrations = await migrationStatus({ url });
  const pending = migrations.filter(({ appliedAt }) => appliedAt === null).map(({ name }) => name);
  if (pending.length > 0) throw new Error(`Pending: ${pending.join(', ')}. Run \`weft migrate up\`.`);
  return `all ${migrations.length} are applied`;
}

/** @throws Error where the login may too much or too little */
export async function examineLogin(url: string | undefined): Promise<string> {
  const [row] = await ask<{ name: string; mighty: boolean; app: boolean; engine: boolean }>(
    url,
    `select session_user as name, rolsuper or rolbypassrls as mighty,
            pg_has_role(session_user, 'weft_app', 'member') as app, pg_has_role(session_user, 'weft_engine', 'member') as engine
       from pg_roles where rolname = session_user`,
  );
  if (row === undefined) throw new Error('This login has no role.');
  if (row.mighty)
    throw new Error(
      `${row.name} passes by row-level security: log in as another (\`weft migrate up\` makes one of WEFT_SERVICE_URL).`,
    );
  if (row.app !== row.engine) throw new Error(`${row.name} must be a member of both weft_app and weft_engine.`);
  return row.app ? `${row.name}: a login of the API and the worker` : `${row.name}: a reader of its tenant`;
}

/** Tables that only grow have no foreign keys: says of how many executions they hold rows that nothing else knows. */
export async function examineOrphans(url: string | undefined): Promise<string> {
  const [row] = await ask<{ orphans: string }>(
    url,
    `select count(*) as orphans from (
       select tenant_id, execution_id from weft.execution_history where created_at > now() - interval '7 days'
       union
       select tenant_id, execution_id from weft.task_attempts where execution_created_at > now() - interval '7 days'
     ) told
     where not exists (
       select from weft.workflow_executions e where e.tenant_id = told.tenant_id and e.id = told.execution_id
     ) and not exists (
       select from weft_archive.executions e where e.tenant_id = told.tenant_id and e.id = told.execution_id
     )`,
    AS_ENGINE,
  );
  const orphans = Number(row?.orphans);
  return orphans === 0
    ? 'every event and attempt of the last 7 days has its execution'
    : `${orphans} executions of the last 7 days have events or attempts, but were deleted`;
}

/** @throws Error where nothing compares the mirror with Temporal */
export async function examineMirror(url: string | undefined): Promise<string> {
  const [row] = await ask<{ swept: number | null }>(
    url,
    `select extract(epoch from clock_timestamp() - done_at)::float8 as swept
       from (select 1) one left join weft.leases on name = 'sweeper'`,
    AS_ENGINE,
  );
  if (row === undefined || row.swept === null) throw new Error('It was never compared with Temporal: start an API.');
  if (row.swept > LONG_SECONDS)
    throw new Error(
      `It was compared with Temporal ${Math.round(row.swept)} s ago: is an API running, and Temporal there?`,
    );
  return `compared with Temporal ${row.swept.toFixed(1)} s ago`;
}

/** The API's login has no rights until it takes one of its roles on. */
const AS_ENGINE = `select set_config('role', 'weft_engine', false) where pg_has_role(session_user, 'weft_engine', 'member')`;

async function ask<Row extends pg.QueryResultRow>(
  url: string | undefined,
  query: string,
  before = 'select',
): Promise<readonly Row[]> {
  if (url === undefined) throw new Error('There is none: start one with `weft dev`, or set DATABASE_URL.');
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: PATIENCE_MS,
    application_name: 'weft doctor',
  });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query(before);
    return (await client.query<Row>(query)).rows;
  } finally {
    await client.end();
  }
}
