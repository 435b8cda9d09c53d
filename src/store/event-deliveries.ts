import { sql } from 'kysely';
import type { EventInfo } from '../messages.ts';
import type { Session } from './database.ts';
import { PAGE_BYTES } from './early-events.ts';
import { tryExecutionLock } from './event-locks.ts';
import { showEvent } from './show-event.ts';
import type { EventRow } from './show-event.ts';

export type ExecutionKey = { readonly tenant: string; readonly executionId: string };
type Delivery = { readonly path: string; readonly event: EventInfo };

/** At most so many in one signal, and so many bytes; a single larger one goes alone. */
const SIGNAL = 100;

/**
 * Executions that are still to be told of events, in the order of their ids from `after` on, each with whether it is ours
 * to tell: nobody else does until this transaction ends.
 */
export async function lockUntold(
  session: Session,
  {
    limit,
    after,
    except,
  }: { readonly limit: number; readonly after: ExecutionKey; readonly except: readonly string[] },
): Promise<readonly (ExecutionKey & { readonly isOurs: boolean })[]> {
  // From one to the next through the index, however many wait in each.
  const { rows } = await sql<ExecutionKey & { isOurs: boolean }>`
    with recursive untold as (
      (select d.tenant_id, d.execution_id from weft.event_deliveries d
        where d.sent_at is null and (d.tenant_id, d.execution_id) > (${after.tenant}, ${after.executionId})
        order by d.tenant_id, d.execution_id limit 1)
      union all
      select n.* from untold u, lateral (
        select d.tenant_id, d.execution_id from weft.event_deliveries d
        where d.sent_at is null and (d.tenant_id, d.execution_id) > (u.tenant_id, u.execution_id)
        order by d.tenant_id, d.execution_id limit 1
      ) n
    ), first as materialized (
      select * from untold where tenant_id || ':' || execution_id <> all (${[...except]}::text[]) limit ${limit}::int
    )
    select tenant_id as tenant, execution_id as "executionId", ${tryExecutionLock('tenant_id', 'execution_id')} as "isOurs"
    from first`.execute(session);
  return rows;
}

/** What one signal tells an execution. */
export type Untold = ExecutionKey & {
  readonly deliveries: readonly Delivery[];
  /** There is more than fits into one. */
  readonly isMore: boolean;
};

/** What these executions are still to be told, of each as much as one signal takes, in the order of acceptance. */
export async function readUntold(session: Session, executions: readonly ExecutionKey[]): Promise<readonly Untold[]> {
  const { rows } = await sql<EventRow & { nr: number; path: string; waiting: number }>`
    select nr, path, id, name, key, data, at, waiting from (
      select x.nr::int, d.path, e.id, e.name, e.key, e.data, e.created_at as at, count(*) over (partition by x.nr)::int as waiting,
        row_number() over in_order as place, sum(e.size) over in_order - e.size as before
      from unnest(${executions.map(({ tenant }) => tenant)}::text[], ${executions.map(({ executionId }) => executionId)}::text[])
        with ordinality as x (tenant, execution, nr)
      cross join lateral (
        select d.path, d.event_id from weft.event_deliveries d
        where d.tenant_id = x.tenant and d.execution_id = x.execution and d.sent_at is null
        order by d.event_created_at, d.event_id limit ${SIGNAL}::int + 1
      ) d
      join weft.events e on e.tenant_id = x.tenant and e.id = d.event_id
      window in_order as (partition by x.nr order by e.created_at, e.id, d.path)
    ) page
    where place <= ${SIGNAL}::int and before < ${PAGE_BYTES}::int
    order by nr, place`.execute(session);
  return executions.flatMap((execution, index) => {
    const own = rows.filter(({ nr }) => nr === index + 1);
    const [first] = own;
    // Its wait may just have ended.
    if (!first) return [];
    const deliveries = own.map(({ path, id, name, key, data, at }) => ({
      path,
      event: showEvent({ id, name, key, data, at }),
    }));
    return [{ ...execution, deliveries, isMore: first.waiting > own.length }];
  });
}

/** Notes that an execution was told. */
export async function markTold(session: Session, { tenant, executionId, deliveries }: Untold): Promise<void> {
  await sql`
    with told as (
      select d.path, d.event_id from weft.event_deliveries d
      join unnest(${deliveries.map(({ path }) => path)}::text[], ${deliveries.map(({ event }) => event.id)}::text[]) as t (path, event)
        on d.path = t.path and d.event_id = t.event
      where d.tenant_id = ${tenant} and d.execution_id = ${executionId} and d.sent_at is null
      order by d.path, d.event_id for no key update of d
    )
    update weft.event_deliveries d set sent_at = clock_timestamp() from told
    where d.tenant_id = ${tenant} and d.execution_id = ${executionId} and d.path = told.path and d.event_id = told.event_id`.execute(
    session,
  );
}

/** Ends all waits of an execution that is over; what it was not told is for nobody. */
export async function endWaits(session: Session, { tenant, executionId }: ExecutionKey): Promise<void> {
  await session
    .updateTable('event_waits')
    .set({ ended_at: sql`clock_timestamp()`, early_at: null, early_id: null })
    .where('tenant_id', '=', tenant)
    .where('execution_id', '=', executionId)
    .where('ended_at', 'is', null)
    .execute();
  await session
    .deleteFrom('event_deliveries')
    .where('tenant_id', '=', tenant)
    .where('execution_id', '=', executionId)
    .where('sent_at', 'is', null)
    .execute();
}
