import { sql } from 'kysely';
import type { Session } from '../store/database.ts';
import { givenRows } from '../store/given-rows.ts';

/** Where Temporal ended a run: orders what is written at authority 2. */
export type RunEnd = {
  readonly tenant: string;
  readonly executionId: string;
  readonly runId: string;
  /** From 1; counts the runs that this execution's history was confirmed from. */
  readonly runNumber: number;
  readonly epoch: number;
  readonly lastEventId: number;
  /** ISO 8601; Temporal's clock. */
  readonly closedAt: string;
  /** What a task gets that was open at the end. */
  readonly leftOver: { readonly code: string; readonly detail: string };
  /**
   * All its histories were folded: what is told at less than authority 2 then is not in them, so Temporal refused it, and
   * it counts as open. False: a part of them was; null: none, as the mirror was told all of it.
   */
  readonly isFolded: boolean | null;
};

/** A run has at most 51,200 events. */
const EVENTS_A_RUN = 100_000;

/** The `ord` of what is written at authority 2. */
export function ordOf({ runNumber, lastEventId }: Pick<RunEnd, 'runNumber' | 'lastEventId'>): number {
  return runNumber * EVENTS_A_RUN + lastEventId;
}

/**
 * Confirms ended executions' tasks and approvals as they are, and closes those that are still open; the executions
 * themselves come last, by whoever calls. An attempt that is still told to run gets `lost`, below any end its worker may
 * yet tell.
 */
export async function closeExecutions(session: Session, ends: readonly RunEnd[]): Promise<void> {
  const some = rowsOf(ends);
  if (ends.some(({ isFolded }) => isFolded === true)) await dropUntold(session, some);
  await closeTasks(session, some);
  await closeAttempts(session, some);
  await fillAttempts(session, some);
  await closeApprovals(session, some);
  await keepCursors(session, some);
}

/** `x`, one row for each end. */
function rowsOf(ends: readonly RunEnd[]) {
  const rows = ends.map((end) => ({
    ...{ tenant: end.tenant, id: end.executionId, run_id: end.runId, run_no: end.runNumber, epoch: end.epoch },
    ...{ ord: ordOf(end), last_event_id: end.lastEventId, closed_at: end.closedAt, is_folded: end.isFolded },
    ...end.leftOver,
  }));
  return givenRows(
    rows,
    `tenant text, id text, run_id text, run_no int, epoch int, ord bigint, last_event_id bigint, closed_at timestamptz,
      is_folded boolean, code text, detail text`,
  );
}

type Ends = ReturnType<typeof rowsOf>;

async function closeTasks(session: Session, ends: Ends): Promise<void> {
  const isOpen = sql`(t.status in ('pending', 'running', 'waiting', 'retry') or x.is_folded and t.authority < 2)`;
  const isBehind = sql`t.tenant_id = x.tenant and t.execution_id = x.id
      and (t.epoch, t.authority, t.ord) < (x.epoch, 2, x.ord)`;
  // Locked first, in the writer's order, so that the two don't wait for each other. In one statement with the update
  // they would be joined, row by row against each other: of new rows PostgreSQL doesn't know how many they are.
  await sql`
    select count(*) from (
      select from weft.task_executions t join ${ends} on ${isBehind}
      order by t.tenant_id collate "C", t.execution_id collate "C", t.path collate "C" for no key update of t
    ) locked`.execute(session);
  await sql`
    update weft.task_executions t set
      status = case when ${isOpen} then 'cancelled' else t.status end,
      result = case when ${isOpen} then null else t.result end,
      error_code = case when ${isOpen} then x.code else t.error_code end,
      error_detail = case when ${isOpen} then x.detail else t.error_detail end,
      end_time = case when ${isOpen} then greatest(t.start_time, x.closed_at) else t.end_time end,
      state_rank = case when ${isOpen} then 5 else t.state_rank end,
      field_orders = case when ${isOpen} then nullif(t.field_orders - 'outcome' - 'end', '{}') else t.field_orders end,
      epoch = x.epoch, authority = 2, ord = x.ord, mirrored_at = now(), updated_at = now()
    from ${ends} where ${isBehind}`.execute(session);
}

/**
 * Deletes tasks and approvals that no history has: of an execution all of whose histories were folded at the end's epoch.
 * What a worker alone tells of a task that was cut off stays.
 */
export async function dropUnknown(session: Session, { tenant, executionId, epoch }: RunEnd): Promise<void> {
  await sql`
    delete from weft.task_executions where tenant_id = ${tenant} and execution_id = ${executionId} and epoch < ${epoch}::int
      and not (executor is not null and status in ('pending', 'running', 'waiting', 'retry', 'cancelled'))`.execute(
    session,
  );
  await sql`
    delete from weft.approvals
    where tenant_id = ${tenant} and execution_id = ${executionId} and epoch < ${epoch}::int`.execute(session);
}

async function closeAttempts(session: Session, ends: Ends): Promise<void> {
  await sql`
    update weft.task_attempts a set status = 'lost', state_rank = 2, mirrored_at = now()
    from ${ends} join weft.workflow_executions e on e.tenant_id = x.tenant and e.id = x.id
    where a.tenant_id = e.tenant_id and a.execution_id = e.id
      and ${isOf('a', 'e')}
      and a.status = 'running'`.execute(session);
}

/**
 * An attempt that no worker told the mirror of has a row all the same: the last one ended as its task did, of those before
 * it nothing is known.
 */
async function fillAttempts(session: Session, ends: Ends): Promise<void> {
  // Nearly always none: first whose attempts are to be gone through at all. Of a series whose length it doesn't know
  // PostgreSQL thinks a thousand, and would read all attempts there are.
  await sql`
    with lacking as materialized (
      select t.tenant_id, t.execution_id, t.path, t.status, t.local, t.attempt, x.run_id, e.created_at
      from ${ends}
      join weft.task_executions t on t.tenant_id = x.tenant and t.execution_id = x.id
      join weft.workflow_executions e on e.tenant_id = x.tenant and e.id = x.id
      where t.executor is not null and t.attempt > (
        select count(distinct a.attempt) from weft.task_attempts a
        where a.tenant_id = t.tenant_id and a.execution_id = t.execution_id and a.path = t.path
          and a.attempt between 1 and t.attempt and ${isOf('a', 'e')})
    )
    insert into weft.task_attempts
      (tenant_id, execution_id, path, run_id, status, state_rank, worker, local, execution_created_at, ord, attempt)
    select t.tenant_id, t.execution_id, t.path, t.run_id,
      case when n = t.attempt and t.status = 'success' then 'success' else 'lost' end, 2, '', t.local, t.created_at, 0, n
    from lacking t cross join lateral generate_series(1, t.attempt) n
    where not exists (
      select from weft.task_attempts a
      where a.tenant_id = t.tenant_id and a.execution_id = t.execution_id and a.path = t.path and a.attempt = n
        and ${isOf('a', 't')})
    on conflict do nothing`.execute(session);
}

/** That an attempt is in the month of its execution: what knows ms only may have written it, the row has microseconds. */
function isOf(attempts: string, executions: string) {
  const [of, at] = [sql.ref(`${attempts}.execution_created_at`), sql.ref(`${executions}.created_at`)];
  return sql<boolean>`${of} between ${at} - interval '1 ms' and ${at} + interval '1 ms'`;
}

/** Shows no attempt that has no row: where more was told than happened, the greatest seen would stay for ever. */
export async function forgetAttempts(session: Session, { tenant, executionId }: RunEnd): Promise<void> {
  await sql`
    update weft.task_executions t set attempt = coalesce(a.attempt, 0), retry_count = greatest(coalesce(a.attempt, 0) - 1, 0)
    from weft.task_executions x left join (
      select path, max(attempt) as attempt from weft.task_attempts
      where tenant_id = ${tenant} and execution_id = ${executionId} group by path
    ) a using (path)
    where x.tenant_id = ${tenant} and x.execution_id = ${executionId} and x.executor is not null
      and (t.tenant_id, t.execution_id, t.path) = (x.tenant_id, x.execution_id, x.path)`.execute(session);
}

/**
 * Deletes what a workflow task told that Temporal doesn't know of: of approvals, and of tasks without an executor, the
 * histories have all that there was.
 */
async function dropUntold(session: Session, ends: Ends): Promise<void> {
  await sql`
    delete from weft.task_executions t using ${ends}
    where x.is_folded and t.tenant_id = x.tenant and t.execution_id = x.id and t.executor is null
      and t.authority < 2`.execute(session);
  await sql`
    delete from weft.approvals a using ${ends}
    where x.is_folded and a.tenant_id = x.tenant and a.execution_id = x.id and a.authority < 2`.execute(session);
}

async function closeApprovals(session: Session, ends: Ends): Promise<void> {
  await sql`
    update weft.approvals a set
      status = case when a.status = 'open' then 'cancelled' else a.status end,
      decided_by = case when a.status = 'open' then 'system' else a.decided_by end,
      decided_at = case when a.status = 'open' then x.closed_at else a.decided_at end,
      epoch = x.epoch, authority = 2, ord = x.ord, mirrored_at = now(), updated_at = now()
    from ${ends} where a.tenant_id = x.tenant and a.execution_id = x.id
      and (a.epoch, a.authority, a.ord) < (x.epoch, 2, x.ord)`.execute(session);
}

async function keepCursors(session: Session, ends: Ends): Promise<void> {
  await sql`
    insert into weft.mirror_cursors as c (tenant_id, execution_id, run_id, run_no, last_event_id, epoch, closed, folded, checked_at)
    select x.tenant, x.id, x.run_id, x.run_no, x.last_event_id, x.epoch, true, x.is_folded, now() from ${ends}
    order by x.tenant collate "C", x.id collate "C"
    on conflict (tenant_id, execution_id) do update set run_id = excluded.run_id, run_no = excluded.run_no,
      last_event_id = excluded.last_event_id, epoch = excluded.epoch, closed = true,
      folded = excluded.folded, checked_at = now()
    where (c.epoch, c.run_no, c.last_event_id) <= (excluded.epoch, excluded.run_no, excluded.last_event_id)`.execute(
    session,
  );
}
