import { sql } from 'kysely';
import type { ExecutionStatus, Json, TaskStatus } from '../contract.ts';
import type { Session } from '../store/database.ts';
import { HOLDERS } from './holders.ts';
import { listApprovals } from './read-approvals.ts';
import type { ApprovalRow } from './read-approvals.ts';

/** A task that runs, waits or is to be tried again, with its latest attempt. */
export type OpenTask = {
  readonly path: string;
  readonly type: string;
  readonly executor: string | null;
  readonly status: TaskStatus;
  /** Null = unlimited, or not known. */
  readonly maxRetries: number | null;
  readonly startedAt: Date | null;
  /** What it told when it began to wait. */
  readonly waitingFor: Json;
  /** The number, of the latest; null where none is known. */
  readonly attempt: number | null;
  readonly worker: string | null;
  readonly attemptStartedAt: Date | null;
  readonly attemptEndedAt: Date | null;
  readonly nextRetryAt: Date | null;
  readonly errorCode: string | null;
  readonly errorDetail: string | null;
};

/** An event task's wait; `taken` is how many came so far, where `where` is null. */
export type OpenEventWait = {
  readonly path: string;
  readonly name: string;
  readonly key: string | null;
  readonly where: string | null;
  readonly count: number;
  readonly taken: number;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
};

/** A child that its parent waits for. */
export type OpenChild = { readonly id: string; readonly path: string; readonly status: ExecutionStatus };

/** An order that Temporal hasn't got yet. */
export type OpenOrder = { readonly action: string; readonly by: string; readonly at: Date };

/** Who paused an execution. */
export type Paused = { readonly by: string | null; readonly at: Date; readonly reason: string | null };

/** All that the mirror knows of what an execution waits for, at most {@link MOST} of a kind. */
export type Waits = {
  readonly tasks: readonly OpenTask[];
  /** How many tasks are open, also those left out. */
  readonly openTasks: number;
  readonly approvals: readonly ApprovalRow[];
  readonly events: readonly OpenEventWait[];
  readonly children: readonly OpenChild[];
  readonly orders: readonly OpenOrder[];
  /** The last time; undefined where it never was. */
  readonly paused: Paused | undefined;
};

export const MOST = 50;

export async function readWaits(session: Session, tenant: string, id: string): Promise<Waits> {
  const tasks = await openTasks(session, tenant, id);
  const approvals = await listApprovals(session, tenant, { status: 'open', execution: id, limit: MOST });
  const { rows: events } = await sql<OpenEventWait>`
    select path, name, key, where_expression as "where", count, taken, created_at as "createdAt", expires_at as "expiresAt"
    from weft.event_waits
    where tenant_id = ${tenant} and execution_id = ${id} and ended_at is null
    order by created_at limit ${MOST}::int`.execute(session);
  const { rows: children } = await sql<OpenChild>`
    select id, parent_path as path, status from weft.workflow_executions
    where tenant_id = ${tenant} and parent_execution_id = ${id} and parent_waits
      and status in ('pending', 'running', 'paused')
    order by created_at limit ${MOST}::int`.execute(session);
  const { rows: orders } = await sql<OpenOrder>`
    select c.action, coalesce(u.username, c.requested_by) as by, c.created_at as at
    from weft.commands c
    left join weft.users u on u.tenant_id = c.tenant_id and u.id = c.requested_by
    where c.tenant_id = ${tenant} and c.execution_id = ${id} and c.done_at is null and c.action <> 'vote'
    order by c.created_at limit ${MOST}::int`.execute(session);
  const { rows: pauses } = await sql<Paused>`
    select coalesce(u.username, h.actor) as by, h.created_at as at, h.data ->> 'reason' as reason
    from weft.execution_history h
    left join weft.users u on u.tenant_id = h.tenant_id and u.id = h.actor
    where h.tenant_id = ${tenant} and h.execution_id = ${id} and h.event_type = 'workflow_paused'
    order by h.created_at desc limit 1`.execute(session);
  return {
    tasks: tasks.rows,
    openTasks: tasks.rows[0]?.total ?? 0,
    approvals: approvals.slice(0, MOST),
    events,
    children,
    orders,
    paused: pauses[0],
  };
}

function openTasks(session: Session, tenant: string, id: string) {
  return sql<OpenTask & { readonly total: number }>`
    select t.path, t.type, t.executor, t.status, t.max_retries as "maxRetries", t.start_time as "startedAt", t.total,
      case when t.status = 'waiting' then t.input end as "waitingFor",
      a.attempt, a.worker, a.start_time as "attemptStartedAt", a.end_time as "attemptEndedAt",
      a.next_retry_at as "nextRetryAt", a.error_code as "errorCode", a.error_detail as "errorDetail"
    from (
      select o.*, (count(*) over ())::int as total from weft.task_executions o
      where o.tenant_id = ${tenant} and o.execution_id = ${id}
        and o.status in ('running', 'waiting', 'retry') and o.type not in ${HOLDERS}
      order by o.execution_order, o.path collate "C" limit ${MOST}::int
    ) t
    left join lateral (
      select * from weft.task_attempts a
      where a.tenant_id = t.tenant_id and a.execution_id = t.execution_id and a.path = t.path
      order by a.ord desc, a.attempt desc limit 1
    ) a on true
    order by t.execution_order, t.path collate "C"`.execute(session);
}
