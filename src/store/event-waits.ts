import { sql } from 'kysely';
import type { EventInfo } from '../messages.ts';
import type { Session } from './database.ts';
import { offerEarly, PAGE, PAGE_BYTES, wakeDeliverer } from './early-events.ts';
import type { OpenWait } from './early-events.ts';
import { lockNameForWait } from './event-locks.ts';
import { showEvent } from './show-event.ts';
import type { EventRow } from './show-event.ts';

export type NewWait = Pick<OpenWait, 'tenant' | 'executionId' | 'path' | 'name' | 'key' | 'count'> & {
  readonly where: string | null;
  /** ISO 8601 */
  readonly expiresAt: string | null;
  /** When Temporal was asked to, ms of its clock: of two the later one is the execution's will. */
  readonly registeredAt: number;
};

/**
 * Registers a wait and returns what it was given so far, oldest first, from now on taken as told: what came before it, and
 * where it was registered before, what came since. What doesn't fit is left to be sent.
 */
export async function openWait(session: Session, wait: NewWait): Promise<readonly EventInfo[]> {
  await lockNameForWait(session, wait.tenant, wait.name);
  const id = await register(session, wait);
  if (id !== undefined) {
    await forgetDeliveries(session, wait);
    const begun = { ...wait, id, isSelective: wait.where !== null, taken: 0, early: null };
    await offerEarly(session, begun, { isToldNow: true });
  } else if (!(await isOpen(session, wait))) return [];
  return tell(session, wait);
}

/** Ends a wait, unless it was begun anew since Temporal was asked to: of what it was given, only what it took stays. */
export async function closeWait(
  session: Session,
  wait: Pick<OpenWait, 'tenant' | 'executionId' | 'path'> & {
    /** Ids of events. */
    readonly taken: readonly string[];
    /** When Temporal was asked to, ms of its clock. */
    readonly askedAt: number;
  },
): Promise<void> {
  const { tenant, executionId, path, taken, askedAt } = wait;
  const { numUpdatedRows } = await session
    .updateTable('event_waits')
    .set({ ended_at: sql`coalesce(ended_at, clock_timestamp())`, taken: taken.length, early_at: null, early_id: null })
    .where('tenant_id', '=', tenant)
    .where('execution_id', '=', executionId)
    .where('path', '=', path)
    .where('registered_at', '<=', fromMs(askedAt))
    .executeTakeFirstOrThrow();
  if (numUpdatedRows === 0n) return;
  await lockDeliveries(session, wait);
  await sql`
    insert into weft.event_deliveries as d (tenant_id, event_id, execution_id, path, event_created_at, sent_at, taken)
    select e.tenant_id, e.id, ${executionId}, ${path}, e.created_at, now(), true
    from weft.events e where e.tenant_id = ${tenant} and e.id = any (${[...taken]}::text[])
    on conflict (tenant_id, event_id, execution_id, path) do update set taken = true, sent_at = coalesce(d.sent_at, now())`.execute(
    session,
  );
  await dropUntaken(session, wait);
}

/** What a wait didn't take is there for the next one; one that nobody was told of is as it came. */
async function dropUntaken(
  session: Session,
  { tenant, executionId, path }: Pick<OpenWait, 'tenant' | 'executionId' | 'path'>,
): Promise<void> {
  await sql`
    with dropped as (
      delete from weft.event_deliveries d
      where d.tenant_id = ${tenant} and d.execution_id = ${executionId} and d.path = ${path} and not d.taken
      returning d.event_id, d.sent_at
    ), unseen as (
      select e.id from weft.events e
      where e.tenant_id = ${tenant} and e.id in (select event_id from dropped where sent_at is null) and e.status = 'delivered'
        and not exists (
          select from weft.event_deliveries d
          where d.tenant_id = e.tenant_id and d.event_id = e.id and (d.execution_id, d.path) <> (${executionId}, ${path})
        )
      order by e.id for no key update
    )
    update weft.events e set status = 'received' from unseen where e.tenant_id = ${tenant} and e.id = unseen.id`.execute(
    session,
  );
}

/** The wait's id where it begins (anew); undefined where this was done before, or by somebody later. */
async function register(session: Session, wait: NewWait): Promise<string | undefined> {
  const { rows } = await sql<{ id: string }>`
    insert into weft.event_waits as w
      (tenant_id, execution_id, path, name, key, where_expression, count, expires_at, registered_at)
    values (${wait.tenant}, ${wait.executionId}, ${wait.path}, ${wait.name}, ${wait.key}, ${wait.where}, ${wait.count}::int,
      ${wait.expiresAt}::timestamptz, ${fromMs(wait.registeredAt)})
    on conflict (tenant_id, execution_id, path) do update set name = excluded.name, key = excluded.key,
      where_expression = excluded.where_expression, count = excluded.count, expires_at = excluded.expires_at,
      registered_at = excluded.registered_at, taken = 0, ended_at = null, early_at = null, early_id = null
    where w.registered_at < excluded.registered_at
    returning id`.execute(session);
  return rows[0]?.id;
}

async function isOpen(session: Session, { tenant, executionId, path, registeredAt }: NewWait): Promise<boolean> {
  const row = await session
    .selectFrom('event_waits')
    .select('id')
    .where('tenant_id', '=', tenant)
    .where('execution_id', '=', executionId)
    .where('path', '=', path)
    .where('ended_at', 'is', null)
    .where('registered_at', '=', fromMs(registeredAt))
    .executeTakeFirst();
  return row !== undefined;
}

async function forgetDeliveries(session: Session, wait: NewWait): Promise<void> {
  const { tenant, executionId, path } = wait;
  await lockDeliveries(session, wait);
  await session
    .deleteFrom('event_deliveries')
    .where('tenant_id', '=', tenant)
    .where('execution_id', '=', executionId)
    .where('path', '=', path)
    .execute();
}

/** The first page of what the wait was given; the rest is sent (again). */
async function tell(session: Session, wait: NewWait): Promise<readonly EventInfo[]> {
  const { tenant, executionId, path } = wait;
  await lockDeliveries(session, wait);
  const { rows } = await sql<EventRow>`
    select id, name, key, data, at from (
      select e.id, e.name, e.key, e.data, e.created_at as at, sum(e.size) over (order by e.created_at, e.id) - e.size as before
      from (
        select d.event_id from weft.event_deliveries d
        where d.tenant_id = ${tenant} and d.execution_id = ${executionId} and d.path = ${path}
        order by d.event_created_at, d.event_id limit ${PAGE}::int
      ) d
      join weft.events e on e.tenant_id = ${tenant} and e.id = d.event_id
    ) page
    where before < ${PAGE_BYTES}::int
    order by at, id`.execute(session);
  const told = rows.map(({ id }) => id);
  const { rows: unsent } = await sql`
    with told as (
      update weft.event_deliveries d set sent_at = case when d.event_id = any (${told}::text[]) then now() end
      where d.tenant_id = ${tenant} and d.execution_id = ${executionId} and d.path = ${path}
        and (d.sent_at is null) = (d.event_id = any (${told}::text[]))
      returning d.sent_at
    )
    select from told where sent_at is null limit 1`.execute(session);
  if (unsent.length > 0) await wakeDeliverer(session);
  return rows.map(showEvent);
}

/** In one order, as whoever notes that they were sent does. */
async function lockDeliveries(
  session: Session,
  { tenant, executionId, path }: Pick<OpenWait, 'tenant' | 'executionId' | 'path'>,
): Promise<void> {
  await sql`
    select from weft.event_deliveries
    where tenant_id = ${tenant} and execution_id = ${executionId} and path = ${path}
    order by event_id for no key update`.execute(session);
}

function fromMs(ms: number) {
  return sql<Date>`to_timestamp(${ms}::float8 / 1000)`;
}
