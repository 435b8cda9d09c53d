import { sql } from 'kysely';
import type { Session } from './database.ts';
import { offerEarly } from './early-events.ts';
import type { OpenWait } from './early-events.ts';
import { lockNamesForRouter, tryRouterLock } from './event-locks.ts';

const BATCH = 500;
/** Deliveries a batch may make; an event that more wait for goes alone. */
const MOST_PAIRS = 20_000;
/** Waits that get a page of what came before them, and how much of one must be gone before the next. */
const BEHIND = 20;
const STILL_UNSENT = 200;

/** `at` has a fixed width, in UTC: it compares as text. */
type Unrouted = Pick<OpenWait, 'tenant' | 'name' | 'key'> & { readonly id: string; readonly at: string };
type Delivered = Pick<OpenWait, 'tenant' | 'executionId' | 'path'> & {
  readonly eventId: string;
  readonly taken: boolean;
};

/**
 * Hands a batch of stored events, the oldest first, to the open waits that they are for; answers true when there may be
 * more. Does nothing while somebody else is at it.
 */
export async function routeEvents(session: Session): Promise<boolean> {
  if (!(await tryRouterLock(session))) return false;
  const isBehind = await offerToThoseBehind(session);
  const batch = await findUnrouted(session);
  if (batch.length === 0) return isBehind;
  await lockNamesForRouter(session, batch);
  const waits = await lockWaits(session, batch);
  const matches = matchUp(batch, waits, waits.length === 0 ? [] : await findDelivered(session, batch));
  await deliver(session, matches);
  await noteRouted(session, matches);
  return isBehind || batch.length === BATCH || matches.length < batch.length;
}

async function findUnrouted(session: Session): Promise<readonly Unrouted[]> {
  const { rows } = await sql<Unrouted>`
    select tenant_id as tenant, id, name, key, ${fixed('created_at')} as at
    from weft.events where routed_at is null
    order by created_at, id limit ${BATCH}::int`.execute(session);
  return rows;
}

/** The open waits of these events' names; whoever ends one at this moment is waited for. */
async function lockWaits(session: Session, events: readonly Unrouted[]): Promise<readonly OpenWait[]> {
  const { rows } = await openWaits(
    session,
    sql`(w.tenant_id, w.id) in (
      select o.tenant_id, o.id from ${listOf(events)}
      join weft.event_waits o on o.tenant_id = e.tenant and o.name = e.name and o.key = e.key and o.ended_at is null
      union
      select o.tenant_id, o.id from (select distinct tenant, name from ${listOf(events)}) e
      join weft.event_waits o on o.tenant_id = e.tenant and o.name = e.name and o.key is null and o.ended_at is null
    ) order by w.tenant_id, w.id for no key update of w`,
  );
  return rows;
}

/** Who has got one of these events already, by looking for early ones. */
async function findDelivered(session: Session, events: readonly Unrouted[]): Promise<readonly Delivered[]> {
  const { rows } = await sql<Delivered>`
    select d.tenant_id as tenant, d.event_id as "eventId", d.execution_id as "executionId", d.path, d.taken
    from ${listOf(events)}
    join weft.event_deliveries d on d.tenant_id = e.tenant and d.event_id = e.id`.execute(session);
  return rows;
}

type Match = { readonly event: Unrouted; readonly waits: readonly OpenWait[] };

/** Which waits get which event, for as many of the events as a batch can hold. */
function matchUp(
  events: readonly Unrouted[],
  waits: readonly OpenWait[],
  delivered: readonly Delivered[],
): readonly Match[] {
  const open = new Map<string, OpenWait[]>();
  for (const wait of waits) {
    const kind = keyOf(wait.tenant, wait.name, wait.key);
    open.set(kind, [...(open.get(kind) ?? []), wait]);
  }
  const has = new Set(delivered.map((of) => keyOf(of.tenant, of.eventId, of.executionId, of.path)));
  const took = new Set(delivered.flatMap((of) => (of.taken ? [keyOf(of.tenant, of.eventId, of.executionId)] : [])));
  const given = new Map<OpenWait, number>();
  const matches: Match[] = [];
  let pairs = 0;
  for (const event of events) {
    const { tenant, id, name, key, at } = event;
    const candidates = [
      ...(open.get(keyOf(tenant, name, null)) ?? []),
      ...(key === null ? [] : (open.get(keyOf(tenant, name, key)) ?? [])),
    ];
    const getting = candidates.filter(
      (wait) =>
        (wait.isSelective || wait.taken + (given.get(wait) ?? 0) < wait.count) &&
        // What is further on it comes to by itself.
        (wait.early === null || at <= wait.early.at) &&
        !has.has(keyOf(tenant, id, wait.executionId, wait.path)) &&
        !took.has(keyOf(tenant, id, wait.executionId)),
    );
    pairs += getting.length;
    if (pairs > MOST_PAIRS && matches.length > 0) return matches;
    for (const wait of getting) given.set(wait, (given.get(wait) ?? 0) + 1);
    matches.push({ event, waits: getting });
  }
  return matches;
}

async function deliver(session: Session, matches: readonly Match[]): Promise<void> {
  const pairs = matches.flatMap(({ event, waits }) => waits.map((wait) => ({ event, wait })));
  if (pairs.length === 0) return;
  await sql`
    with given as (
      insert into weft.event_deliveries (tenant_id, event_id, execution_id, path, event_created_at)
      select * from unnest(${pairs.map(({ event }) => event.tenant)}::text[], ${pairs.map(({ event }) => event.id)}::text[],
        ${pairs.map(({ wait }) => wait.executionId)}::text[], ${pairs.map(({ wait }) => wait.path)}::text[],
        ${pairs.map(({ event }) => event.at)}::timestamptz[])
      returning tenant_id, execution_id, path
    )
    update weft.event_waits w set taken = w.taken + g.more
    from (select tenant_id, execution_id, path, count(*)::int as more from given group by 1, 2, 3) g
    where w.tenant_id = g.tenant_id and w.execution_id = g.execution_id and w.path = g.path
      and w.where_expression is null`.execute(session);
}

async function noteRouted(session: Session, matches: readonly Match[]): Promise<void> {
  await sql`
    with routed as (
      select e.tenant_id, e.id, r.found from weft.events e
      join unnest(${matches.map(({ event }) => event.tenant)}::text[], ${matches.map(({ event }) => event.id)}::text[],
        ${matches.map(({ waits }) => waits.length > 0)}::boolean[]) as r (tenant, id, found)
        on e.tenant_id = r.tenant and e.id = r.id
      order by e.tenant_id, e.id for no key update of e
    )
    update weft.events e set routed_at = now(), status = case when r.found then 'delivered' else e.status end
    from routed r where e.tenant_id = r.tenant_id and e.id = r.id`.execute(session);
}

/** True when one may need another page soon. */
async function offerToThoseBehind(session: Session): Promise<boolean> {
  const { rows } = await openWaits(
    session,
    sql`w.early_at is not null and ${STILL_UNSENT}::int > (
      select count(*) from (
        select from weft.event_deliveries d
        where d.tenant_id = w.tenant_id and d.execution_id = w.execution_id and d.sent_at is null limit ${STILL_UNSENT}::int
      ) unsent
    ) order by w.created_at limit ${BEHIND}::int for no key update of w skip locked`,
  );
  for (const wait of rows) await offerEarly(session, wait, { isToldNow: false });
  return rows.length > 0;
}

function openWaits(session: Session, which: ReturnType<typeof sql>) {
  return sql<OpenWait>`
    select w.tenant_id as tenant, w.id, w.execution_id as "executionId", w.path, w.name, w.key, w.count, w.taken,
      w.where_expression is not null as "isSelective",
      case when w.early_at is not null then json_build_object('at', ${fixed('w.early_at')}, 'id', w.early_id) end as early
    from weft.event_waits w where w.ended_at is null and ${which}`.execute(session);
}

function listOf(events: readonly Unrouted[]) {
  return sql`unnest(${events.map(({ tenant }) => tenant)}::text[], ${events.map(({ id }) => id)}::text[],
    ${events.map(({ name }) => name)}::text[], ${events.map(({ key }) => key)}::text[]) as e (tenant, id, name, key)`;
}

function fixed(column: string) {
  return sql<string>`to_char(${sql.ref(column)} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
}

function keyOf(...parts: readonly (string | null)[]): string {
  return JSON.stringify(parts);
}
