import { sql } from 'kysely';
import type { Session } from './database.ts';

/** An open wait, as whoever gives it events needs it. */
export type OpenWait = {
  readonly tenant: string;
  readonly id: string;
  readonly executionId: string;
  readonly path: string;
  readonly name: string;
  readonly key: string | null;
  /** It may refuse what it is given: then it is given all there is, else no more than `count`. */
  readonly isSelective: boolean;
  readonly count: number;
  readonly taken: number;
  /** The last early event that it was given, as PostgreSQL writes it; null: there are no more. */
  readonly early: { readonly at: string; readonly id: string } | null;
};

/** At most so many at once, and so many bytes; a single larger one goes alone. */
export const PAGE = 500;
export const PAGE_BYTES = 500_000;

/** For so long an event waits for whom it concerns. */
const KEPT = sql`interval '7 days'`;

type Early = { readonly id: string; readonly at: string; readonly size: number };

/**
 * Gives a wait the next page of the events that were accepted since its execution was, oldest first, except those that
 * the execution took elsewhere. What is left is for the next call; what is committed from now on, for the router.
 */
export async function offerEarly(
  session: Session,
  wait: OpenWait,
  { isToldNow }: { readonly isToldNow: boolean },
): Promise<void> {
  const { tenant, executionId, path } = wait;
  const most = wait.isSelective ? PAGE : Math.min(PAGE, wait.count - wait.taken);
  const found = await findEarly(session, wait, most + 1);
  const offered = upTo(found, most);
  const { rows } = await sql`
    insert into weft.event_deliveries (tenant_id, event_id, execution_id, path, event_created_at, sent_at)
    select ${tenant}, id, ${executionId}, ${path}, at, case when ${isToldNow}::boolean then now() end
    from unnest(${offered.map(({ id }) => id)}::text[], ${offered.map(({ at }) => at)}::timestamptz[]) as e (id, at)
    on conflict do nothing
    returning event_id`.execute(session);
  const taken = wait.taken + (wait.isSelective ? 0 : rows.length);
  const isFull = !wait.isSelective && taken >= wait.count;
  const last = found.length > offered.length && !isFull ? offered.at(-1) : undefined;
  await sql`
    with offered as (
      select e.id from weft.events e
      where e.tenant_id = ${tenant} and e.id = any (${offered.map(({ id }) => id)}::text[]) and e.status <> 'delivered'
      order by e.id for no key update
    )
    update weft.events e set status = 'delivered' from offered where e.tenant_id = ${tenant} and e.id = offered.id`.execute(
    session,
  );
  await sql`
    update weft.event_waits set taken = ${taken}::int, early_at = ${last?.at ?? null}::timestamptz, early_id = ${last?.id ?? null}
    where tenant_id = ${tenant} and id = ${wait.id}`.execute(session);
  if (last) await wakeDeliverer(session);
}

/** Once this transaction is committed there is something to do. */
export async function wakeDeliverer(session: Session): Promise<void> {
  await sql`select pg_notify('weft_events', '')`.execute(session);
}

/** The first that fit into a page; one at least. */
function upTo(events: readonly Early[], most: number): readonly Early[] {
  let bytes = 0;
  const end = events.findIndex(({ size }, index) => {
    bytes += size;
    return index >= most || (index > 0 && bytes > PAGE_BYTES);
  });
  return end < 0 ? events : events.slice(0, end);
}

async function findEarly(
  session: Session,
  { tenant, executionId, name, key, early }: OpenWait,
  most: number,
): Promise<readonly Early[]> {
  const ofKey = key === null ? sql`` : sql`and e.key = ${key}`;
  const after = early === null ? sql`` : sql`and (e.created_at, e.id) > (${early.at}::timestamptz, ${early.id})`;
  const { rows } = await sql<Early>`
    select e.id, e.created_at::text as at, e.size
    from weft.events e
    where e.tenant_id = ${tenant} and e.name = ${name} ${ofKey} ${after}
      and e.created_at >= greatest(now() - ${KEPT}, (
        select x.created_at from weft.workflow_executions x where x.tenant_id = ${tenant} and x.id = ${executionId}
      ))
      and (e.expires_at is null or e.expires_at > now())
      -- Read once, however little the planner knows of a table that grows.
      and e.id not in (
        select d.event_id from weft.event_deliveries d
        where d.tenant_id = ${tenant} and d.execution_id = ${executionId} and d.taken
      )
    order by e.created_at, e.id
    limit ${most}::int`.execute(session);
  return rows;
}
