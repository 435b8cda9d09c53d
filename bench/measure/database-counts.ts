import type { Pool } from 'pg';

/** What PostgreSQL has done so far for this database. */
export type DatabaseCounts = {
  /** What writes the mirror's tables, whoever does it, and notifications; without begin, settings and commit. */
  readonly mirrorStatements: number;
  /** All that are made for Weft, reads and what is not mirror too. */
  readonly statements: number;
  /** Of the whole server, on which nothing else runs. */
  readonly walBytes: number;
};

const MIRROR = [
  'workflow_executions',
  'task_executions',
  'task_attempts',
  'approvals',
  'approval_votes',
  'execution_history',
  'execution_logs',
  'mirror_cursors',
  // The naive one's.
  'tasks',
];
/** `insert into weft.tasks`, `update "tasks"`, … */
const WRITES = `(insert into|update|delete from) ("?[a-z]+"?\\.)?"?(${MIRROR.join('|')})"?\\M|pg_notify`;

/** What a transaction of one message is told first (`src/store/settings.ts`), with its constants or without. */
const SETTINGS = `^(prepare \\w+ as )?select set_config\\(('role'|\\$[36]),`;

/** What its whole server has written to its WAL so far. */
export async function countWalBytes(database: Pool): Promise<number> {
  const { rows } = await database.query<{ wal: string }>(
    `select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0') as wal`,
  );
  return Number(rows[0]?.wal);
}

/** From `pg_stat_statements`; what the measurement itself asks (as a superuser) doesn't count. */
export async function countDatabase(database: Pool): Promise<DatabaseCounts> {
  const { rows } = await database.query<{ mirror: string; all: string }>(
    `select coalesce(sum(calls) filter (where query ~* $1), 0) as mirror,
      coalesce(sum(calls), 0) as all
    from pg_stat_statements s join pg_roles r on r.oid = s.userid
    where toplevel and dbid = (select oid from pg_database where datname = current_database()) and not rolsuper
      and query !~ $2`,
    [WRITES, SETTINGS],
  );
  const [row] = rows;
  return {
    mirrorStatements: Number(row?.mirror),
    statements: Number(row?.all),
    walBytes: await countWalBytes(database),
  };
}
