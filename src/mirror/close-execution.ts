import { sql } from 'kysely';
import type { Session } from '../store/database.ts';

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
};

/** A run has at most 51,200 events. */
const EVENTS_A_RUN = 100_000;

/** The `ord` of what is written at authority 2. */
export function ordOf({ runNumber, lastEventId }: Pick<RunEnd, 'runNumber' | 'lastEventId'>): number {
  return runNumber * EVENTS_A_RUN + lastEventId;
}

/**
 * Confirms an ended execution's tasks and approvals as they are, and closes those that are still open; the execution
 * itself comes last, by whoever calls. An attempt that is still told to run gets `lost`, below any end its worker may
 * yet tell.
 */
export async function closeExecution(session: Session, end: RunEnd): Promise<void> {
  await closeTasks(session, end);
  await closeAttempts(session, end);
  await closeApprovals(session, end);
  await keepCursor(session, end);
}

async function closeTasks(session: Session, end: RunEnd): Promise<void> {
  const { tenant, executionId, epoch, closedAt, leftOver } = end;
  const isOpen = sql`t.status in ('pending', 'running', 'waiting', 'retry')`;
  const isBehind = sql`t.tenant_id = ${tenant} and t.execution_id = ${executionId}
      and (t.epoch, t.authority, t.ord) < (${epoch}::int, 2, ${ordOf(end)}::bigint)`;
  // Locked first, in the writer's order, so that the two don't wait for each other. In one statement with the update
  // they would be joined, row by row against each other: of new rows PostgreSQL doesn't know how many they are.
  await sql`
    select count(*) from (
      select from weft.task_executions t where ${isBehind} order by path collate "C" for no key update
    ) locked`.execute(session);
  await sql`
    update weft.task_executions t set
      status = case when ${isOpen} then 'cancelled' else t.status end,
      error_code = case when ${isOpen} then ${leftOver.code} else t.error_code end,
      error_detail = case when ${isOpen} then ${leftOver.detail} else t.error_detail end,
      end_time = case when ${isOpen} then greatest(t.start_time, ${closedAt}::timestamptz) else t.end_time end,
      state_rank = case when ${isOpen} then 5 else t.state_rank end,
      field_orders = case when ${isOpen} then nullif(t.field_orders - 'outcome' - 'end', '{}') else t.field_orders end,
      epoch = ${epoch}::int, authority = 2, ord = ${ordOf(end)}::bigint, mirrored_at = now(), updated_at = now()
    where ${isBehind}`.execute(session);
}

async function closeAttempts(session: Session, { tenant, executionId }: RunEnd): Promise<void> {
  await sql`
    update weft.task_attempts a set status = 'lost', state_rank = 2, mirrored_at = now()
    from weft.workflow_executions e
    where e.tenant_id = ${tenant} and e.id = ${executionId}
      and a.tenant_id = e.tenant_id and a.execution_id = e.id and a.execution_created_at between e.created_at - interval '1 ms' and e.created_at + interval '1 ms'
      and a.status = 'running'`.execute(session);
}

async function closeApprovals(session: Session, end: RunEnd): Promise<void> {
  const { tenant, executionId, epoch, closedAt } = end;
  await sql`
    update weft.approvals a set
      status = case when a.status = 'open' then 'cancelled' else a.status end,
      decided_by = case when a.status = 'open' then 'system' else a.decided_by end,
      decided_at = case when a.status = 'open' then ${closedAt}::timestamptz else a.decided_at end,
      epoch = ${epoch}::int, authority = 2, ord = ${ordOf(end)}::bigint, mirrored_at = now(), updated_at = now()
    where a.tenant_id = ${tenant} and a.execution_id = ${executionId}
      and (a.epoch, a.authority, a.ord) < (${epoch}::int, 2, ${ordOf(end)}::bigint)`.execute(session);
}

async function keepCursor(session: Session, end: RunEnd): Promise<void> {
  await sql`
    insert into weft.mirror_cursors as c (tenant_id, execution_id, run_id, run_no, last_event_id, epoch, closed, checked_at)
    values (${end.tenant}, ${end.executionId}, ${end.runId}, ${end.runNumber}::int, ${end.lastEventId}::bigint,
      ${end.epoch}::int, true, now())
    on conflict (tenant_id, execution_id) do update set run_id = excluded.run_id, run_no = excluded.run_no,
      last_event_id = excluded.last_event_id, epoch = excluded.epoch, closed = true, checked_at = now()
    where (c.epoch, c.run_no, c.last_event_id) <= (excluded.epoch, excluded.run_no, excluded.last_event_id)`.execute(
    session,
  );
}
