import { sql } from 'kysely';
import type { Json } from '../contract.ts';
import type { Session } from './database.ts';

export type NewEvent = {
  readonly name: string;
  readonly key: string | null;
  /** JSON text. */
  readonly data: string;
  readonly source: string;
  /** Of all with the same one the first is kept. */
  readonly dedupeKey: string | null;
};

export type StoredEvent = {
  readonly id: string;
  readonly name: string;
  readonly key: string | null;
  readonly data: Json;
  readonly source: string;
  readonly status: 'received' | 'delivered' | 'expired';
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
};

/** Stores an event; once it is committed, whoever waits for it gets it. Returns the first one of its dedupe key. */
export async function insertEvent(
  session: Session,
  tenant: string,
  { name, key, data, source, dedupeKey }: NewEvent,
): Promise<{ readonly id: string; readonly isNew: boolean }> {
  const { rows } = await sql<{ id: string }>`
    insert into weft.events (tenant_id, name, key, data, source, dedupe_key)
    values (${tenant}, ${name}, ${key}, ${data}::jsonb, ${source}, ${dedupeKey})
    on conflict (tenant_id, dedupe_key) where dedupe_key is not null do nothing
    returning id`.execute(session);
  const [row] = rows;
  if (row) return { id: row.id, isNew: true };
  const { id } = await session
    .selectFrom('events')
    .select('id')
    .where('tenant_id', '=', tenant)
    .where('dedupe_key', '=', dedupeKey)
    .executeTakeFirstOrThrow();
  return { id, isNew: false };
}

export type EventFilter = {
  readonly name?: string | undefined;
  readonly key?: string | undefined;
  readonly after?: { readonly at: string; readonly id: string } | undefined;
  readonly limit: number;
};

/** The tenant's events, newest first; one more than `limit` when there are more. */
export function listEvents(
  session: Session,
  tenant: string,
  { name, key, after, limit }: EventFilter,
): Promise<(StoredEvent & { readonly at: string })[]> {
  let query = events(session, tenant)
    .select(sql<string>`created_at::text`.as('at'))
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit + 1);
  if (name !== undefined) query = query.where('name', '=', name);
  if (key !== undefined) query = query.where('key', '=', key);
  if (after) query = query.where(sql<boolean>`(created_at, id) < (${after.at}::timestamptz, ${after.id})`);
  return query.execute();
}

/** An event by its id. */
export function findEvent(session: Session, tenant: string, id: string): Promise<StoredEvent | undefined> {
  return events(session, tenant).where('id', '=', id).executeTakeFirst();
}

function events(session: Session, tenant: string) {
  return session
    .selectFrom('events')
    .select(['id', 'name', 'key', 'source', 'created_by as createdBy', 'created_at as createdAt'])
    .select(['expires_at as expiresAt', sql<Json>`data`.as('data')])
    .select(sql<StoredEvent['status']>`status`.as('status'))
    .where('tenant_id', '=', tenant);
}
