import type { Pool } from 'pg';

/** What PostgreSQL has done so far for this database. */
export type DatabaseCounts = {
  /** Statements that write, and notifications; without begin, settings and commit. */
  readonly mirrorStatements: number;
  readonly statements: number;
  /** Of the whole server, on which nothing else runs. */
  readonly walBytes: number;
};

/** From `pg_stat_statements`; what the measurement itself asks (as a superuser) doesn't count. */
export async function countDatabase(database: Pool): Promise<DatabaseCounts> {
  const { rows } = await database.query<{ mirror: string; all: string; wal: string }>(`
    select coalesce(sum(calls) filter (where query ~* '(insert into|update|delete from) |pg_notify'), 0) as mirror,
      coalesce(sum(calls), 0) as all, pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0') as wal
    from pg_stat_statements s join pg_roles r on r.oid = s.userid
    where toplevel and dbid = (select oid from pg_database where datname = current_database()) and not rolsuper`);
  const [row] = rows;
  return {
    mirrorStatements: Number(row?.mirror),
    statements: Number(row?.all),
    walBytes: Number(row?.wal),
  };
}
export async function dump(database: Pool) {
  const { rows } = await database.query(`select calls, rows, rolname, query from pg_stat_statements s join pg_roles r on r.oid = s.userid where toplevel and dbid = (select oid from pg_database where datname = current_database()) and not rolsuper order by calls desc limit 60`);
  for (const r of rows) console.log(r.calls, r.rows, r.rolname, r.query.replace(/\s+/g,' ').slice(0,150));
}
