import { sql } from 'kysely';
import type { ErrorInfo, Json } from '../contract.ts';
import type { Session } from './database.ts';

/** A child execution, as those who close it or tell its end know it. */
export type ChildKey = { readonly tenant: string; readonly id: string };

/** An execution that may be a child. */
export type KnownChild = {
  /** Null: it is nobody's. */
  readonly parent: string | null;
  readonly path: string | null;
  /** Null unless it is over for good. */
  readonly end: Pick<ChildEnd, 'status' | 'output' | 'error'> | null;
};

/** What an execution is the child of and how it ended, undefined when there is no such execution. */
export async function findChild(session: Session, { tenant, id }: ChildKey): Promise<KnownChild | undefined> {
  const { rows } = await sql<
    Omit<KnownChild, 'end'> & Pick<ChildEnd, 'status' | 'output' | 'error'> & { readonly isOver: boolean }
  >`
    select e.parent_execution_id as parent, e.parent_path as path, e.status, e.output, ${error} as error,
      ${isOver('e')} as "isOver"
    from weft.workflow_executions e where e.tenant_id = ${tenant} and e.id = ${id}`.execute(session);
  const [row] = rows;
  if (!row) return undefined;
  const { parent, path, isOver: hasEnded, status, output, error: told } = row;
  return { parent, path, end: hasEnded ? { status, output, error: told } : null };
}

/** Notes that none of an execution's children has told its end to the run that it has now. */
export async function forgetTold(session: Session, { tenant, id }: ChildKey): Promise<void> {
  await session
    .updateTable('workflow_executions')
    .set({ parent_told_at: null })
    .where('tenant_id', '=', tenant)
    .where('parent_execution_id', '=', id)
    .where('parent_told_at', 'is not', null)
    .execute();
}

/** How many executions there are from the topmost parent down to this one; counted no further than `limit`. */
export async function countLevels(session: Session, { tenant, id }: ChildKey, limit: number): Promise<number> {
  const { rows } = await sql<{ readonly levels: number }>`
    with recursive up (id, level) as (
      select ${id}::text, 1
      union all
      select e.parent_execution_id, up.level + 1 from up
      join weft.workflow_executions e on e.tenant_id = ${tenant} and e.id = up.id
      where e.parent_execution_id is not null and up.level < ${limit}::int
    )
    select max(level) as levels from up`.execute(session);
  return rows[0]?.levels ?? 1;
}

/**
 * Orders a child to end on behalf of its parent, once; the order is passed on like those of people. False when it was
 * ordered before, or there is no such child.
 */
export async function orderChildEnd(
  session: Session,
  order: ChildKey & { readonly commandId: string; readonly how: 'cancel' | 'terminate'; readonly reason: string },
): Promise<boolean> {
  const { rows } = await sql`
    insert into weft.commands (tenant_id, id, execution_id, action, arguments, requested_by)
    select e.tenant_id, ${order.commandId}, e.id, ${order.how},
      ${JSON.stringify({ channel: 'parent', reason: order.reason })}::jsonb, 'system'
    from weft.workflow_executions e where e.tenant_id = ${order.tenant} and e.id = ${order.id}
    on conflict (tenant_id, id) do nothing returning id`.execute(session);
  return rows.length > 0;
}

/** Over for good: Temporal said so, or nobody knows it any more. */
const isOver = (e: 'e' | 'p') => sql`(${sql.ref(`${e}.status`)} in ('success', 'failed', 'cancelled', 'timeout')
  and (${sql.ref(`${e}.authority`)} = 2 or ${sql.ref(`${e}.error_code`)} is not distinct from 'LOST'))`;

const error = sql`case when e.error_code is not null then jsonb_strip_nulls(
  jsonb_build_object('code', e.error_code, 'detail', coalesce(e.error_detail, ''), 'task', e.error_task)) end`;

/** Open, and not to be left alone: an index holds these alone. */
const isBound = sql`e.on_parent_close in ('cancel', 'terminate') and e.status in ('pending', 'running', 'paused')`;

/** Open children whose parent is over, that were not ordered to end yet and are not to be left alone. */
export async function findLeftBehind(
  session: Session,
  limit: number,
): Promise<(ChildKey & { readonly parent: string; readonly how: 'cancel' | 'terminate' })[]> {
  const { rows } = await sql<ChildKey & { readonly parent: string; readonly how: 'cancel' | 'terminate' }>`
    with parents as materialized (
      select distinct e.tenant_id, e.parent_execution_id as id from weft.workflow_executions e where ${isBound}
    )
    select e.tenant_id as tenant, e.id, p.id as parent, e.on_parent_close as how
    from parents
    join weft.workflow_executions p on p.tenant_id = parents.tenant_id and p.id = parents.id
    join weft.workflow_executions e on e.tenant_id = p.tenant_id and e.parent_execution_id = p.id
    where ${isBound} and ${isOver('p')}
      and not exists (
        select from weft.commands c
        where c.tenant_id = e.tenant_id and c.execution_id = e.id and c.arguments ->> 'channel' = 'parent'
          and c.action in ('terminate', e.on_parent_close)
      )
    limit ${limit}::int`.execute(session);
  return rows;
}

/** The end of a child, as its parent is told. */
export type ChildEnd = ChildKey & {
  readonly parent: string;
  readonly status: 'success' | 'failed' | 'cancelled' | 'timeout';
  readonly output: Json;
  readonly error: ErrorInfo | null;
};

/**
 * Ended children whose parent waits and, for all that the mirror knows, hasn't heard of it: nearly always the child itself
 * told it, and its task has gone on. Ends that are confirmed since a second at least.
 */
export async function findUntold(session: Session, limit: number): Promise<ChildEnd[]> {
  await sql`
    update weft.workflow_executions e set parent_told_at = now()
    where e.parent_waits and e.parent_told_at is null and ${isOver('e')}
      and (
        not exists (
          select from weft.workflow_executions p
          where p.tenant_id = e.tenant_id and p.id = e.parent_execution_id and not ${isOver('p')}
        )
        or exists (
          select from weft.task_executions t
          where t.tenant_id = e.tenant_id and t.execution_id = e.parent_execution_id and t.path = e.parent_path
            and t.status in ('success', 'failed', 'skipped', 'cancelled', 'timeout')
        )
      )`.execute(session);
  const { rows } = await sql<ChildEnd>`
    select e.tenant_id as tenant, e.id, e.parent_execution_id as parent, e.status, e.output, ${error} as error
    from weft.workflow_executions e
    where e.parent_waits and e.parent_told_at is null and ${isOver('e')}
      and e.mirrored_at < clock_timestamp() - interval '1 second'
    order by e.mirrored_at limit ${limit}::int`.execute(session);
  return rows;
}

/** Notes that the parent was told, or that there is nobody to tell. */
export async function markTold(session: Session, { tenant, id }: ChildKey): Promise<void> {
  await session
    .updateTable('workflow_executions')
    .set({ parent_told_at: sql`now()` })
    .where('tenant_id', '=', tenant)
    .where('id', '=', id)
    .execute();
}
