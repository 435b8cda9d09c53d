import { sql } from 'kysely';
import type { ApprovalStatus, ExecutionStatus, Vote } from '../contract.ts';
import type { Session } from '../store/database.ts';
import { givenRows } from '../store/given-rows.ts';

export type ExecutionKey = { readonly tenant: string; readonly id: string };

/** What the sweeper needs to know of a row. */
export type MirroredRun = ExecutionKey & {
  readonly status: ExecutionStatus;
  readonly authority: number;
  readonly createdAt: Date;
  /** Null until Temporal has it. */
  readonly runId: string | null;
  /** It was cancelled before it started, so that no run of it may be. */
  readonly endedUnstarted: boolean;
  /** The run whose end was confirmed last, null where none was. */
  readonly confirmedRunId: string | null;
};

/** What is compared before an end is confirmed. */
export type MirroredEnd = MirroredRun & {
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
  readonly epoch: number;
  readonly totalTasks: number | null;
  /** Of the run confirmed last, 0 where none was. */
  readonly runNumber: number;
  /** Tasks whose end was told by a worker alone, or not at all; or not by a worker, which knows which attempt it was. */
  readonly untoldTasks: number;
  readonly approvals: readonly MirroredApproval[];
};

/** What the mirror has of an approval that only the answers to updates say; times in ms. */
export type MirroredApproval = {
  readonly id: string;
  readonly authority: number;
  readonly status: ApprovalStatus;
  readonly claimedBy: string | null;
  readonly claimedAt: number | null;
  readonly decidedBy: string | null;
  readonly decidedAt: number | null;
  readonly votes: readonly (Pick<Vote, 'user' | 'decision'> & { readonly at: number })[];
};

/** The rows of some executions; those that the mirror doesn't have are missing. */
export async function findRuns(session: Session, keys: readonly ExecutionKey[]): Promise<MirroredRun[]> {
  if (keys.length === 0) return [];
  return runsOf(session, keys).$castTo<MirroredRun>().execute();
}

/** One execution with what its end is compared by. */
export async function findEnd(session: Session, key: ExecutionKey): Promise<MirroredEnd | undefined> {
  const [end] = await findEnds(session, [key]);
  return end;
}

/** Executions with what their ends are compared by; those that the mirror doesn't have are missing. */
export function findEnds(session: Session, keys: readonly ExecutionKey[]): Promise<MirroredEnd[]> {
  return (
    runsOf(session, keys)
      .select(['e.start_time as startedAt', 'e.end_time as endedAt'])
      // One that was opened again counts by its cursor.
      .select(sql<number>`greatest(e.epoch, coalesce(c.epoch, 0))`.as('epoch'))
      .select('e.total_tasks as totalTasks')
      .select(sql<number>`coalesce(c.run_no, 0)`.as('runNumber'))
      .select(
        sql<number>`(
        select count(*)::int from weft.task_executions t
        where t.tenant_id = e.tenant_id and t.execution_id = e.id
          and (t.authority = 0 or t.authority = 1 and t.status in ('pending', 'running', 'waiting', 'retry')
            or t.executor is not null and t.authority = 1 and t.status = 'success' and not exists (
              select from weft.task_attempts a
              where a.tenant_id = t.tenant_id and a.execution_id = t.execution_id and a.path = t.path
                and a.status = 'success')))`.as('untoldTasks'),
      )
      .select(
        sql<readonly MirroredApproval[]>`(
        select coalesce(json_agg(json_build_object('id', a.id, 'authority', a.authority, 'status', a.status,
          'claimedBy', a.claimed_by, 'claimedAt', ${inMs('a.claimed_at')},
          'decidedBy', a.decided_by, 'decidedAt', ${inMs('a.decided_at')},
          'votes', (
            select coalesce(json_agg(json_build_object(
              'user', v.voter_id, 'decision', v.decision, 'at', ${inMs('v.created_at')})), '[]')
            from weft.approval_votes v where v.tenant_id = a.tenant_id and v.approval_id = a.id))), '[]')
        from weft.approvals a where a.tenant_id = e.tenant_id and a.execution_id = e.id)`.as('approvals'),
      )
      .$castTo<MirroredEnd>()
      .execute()
  );
}

function inMs(column: string) {
  return sql`round(extract(epoch from ${sql.ref(column)}) * 1000)`;
}

/** Ended and not confirmed for so long: the list of Temporal's changes, which may be late itself, passed them by. */
export function listUnconfirmedEnds(session: Session, limit: number): Promise<MirroredRun[]> {
  return (
    runs(session)
      // As the index says it, not as parameters, which may be anything.
      .where(sql<boolean>`e.authority < 2 and e.status in ('success', 'failed', 'cancelled', 'timeout')`)
      .where('e.updated_at', '<', sql<Date>`now() - interval '10 seconds'`)
      .orderBy('e.updated_at', 'desc')
      .limit(limit)
      .$castTo<MirroredRun>()
      .execute()
  );
}

/** Those whose end was confirmed last, of the last minutes. */
export function listLastConfirmed(session: Session, minutes: number, limit: number): Promise<MirroredRun[]> {
  return runs(session)
    .where('c.closed', '=', true)
    .where('c.checked_at', '>', sql<Date>`now() - make_interval(mins => ${minutes}::int)`)
    .orderBy('c.checked_at', 'desc')
    .limit(limit)
    .$castTo<MirroredRun>()
    .execute();
}

/**
 * Those the mirror holds open, in the order they were accepted, from where the last page ended; without the youngest, of
 * which most end before a second look.
 */
export function listOpenRuns(
  session: Session,
  after: { readonly createdAt: string; readonly id: string } | undefined,
  limit: number,
): Promise<(MirroredRun & { readonly at: string })[]> {
  let query = runs(session)
    .select(sql<string>`e.created_at::text`.as('at'))
    .where(sql<boolean>`e.status in ('pending', 'running', 'paused')`)
    .where(sql<boolean>`e.created_at < now() - interval '5 seconds'`)
    // Without a run it is the starter's.
    .where((where) => where.or([where('e.status', '<>', 'pending'), where('e.temporal_run_id', 'is not', null)]))
    .orderBy('e.created_at')
    .orderBy('e.id')
    .limit(limit);
  if (after) query = query.where(sql<boolean>`(e.created_at, e.id) > (${after.createdAt}::timestamptz, ${after.id})`);
  return query.$castTo<MirroredRun & { readonly at: string }>().execute();
}

function runsOf(session: Session, keys: readonly ExecutionKey[]) {
  const some = sql<ExecutionKey>`(select x.tenant, x.id from ${givenRows(keys, 'tenant text, id text')})`;
  return runs(session).innerJoin(some.as('k'), (join) =>
    join.onRef('k.tenant', '=', 'e.tenant_id').onRef('k.id', '=', 'e.id'),
  );
}

function runs(session: Session) {
  return (
    session
      .selectFrom('workflow_executions as e')
      .leftJoin('mirror_cursors as c', (join) =>
        join.onRef('c.tenant_id', '=', 'e.tenant_id').onRef('c.execution_id', '=', 'e.id'),
      )
      .select(['e.tenant_id as tenant', 'e.id', 'e.status', 'e.authority', 'e.created_at as createdAt'])
      .select('e.temporal_run_id as runId')
      .select(sql<string | null>`case when c.closed then c.run_id end`.as('confirmedRunId'))
      // A workflow's own count begins at 1, and Temporal's far above.
      .select(sql<boolean>`e.status = 'cancelled' and e.authority > 0 and e.ord = 0`.as('endedUnstarted'))
  );
}
