import { sql } from 'kysely';
import type { Session } from '../store/database.ts';

/** How far the mirror may be behind Temporal, ms; by PostgreSQL's clock. */
export type Lag = {
  /** Since the sweeper last compared all that Temporal started and ended; null where it never did. */
  readonly sweptMs: number | null;
  /** Since the oldest end that is not confirmed yet; 0 where there is none. */
  readonly unconfirmedMs: number;
};

/** Reads it from an index and one row. @throws what PostgreSQL answers */
export async function readLag(session: Session): Promise<Lag> {
  const { rows } = await sql<Lag>`
    select (extract(epoch from clock_timestamp() - (
        select done_at from weft.leases where name = 'sweeper')) * 1000)::float8 as "sweptMs",
      coalesce(extract(epoch from clock_timestamp() - (
        select min(end_time) from weft.workflow_executions
        where authority < 2 and status in ('success', 'failed', 'cancelled', 'timeout'))) * 1000, 0)::float8
        as "unconfirmedMs"`.execute(session);
  return rows[0] ?? { sweptMs: null, unconfirmedMs: 0 };
}
