import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { sql } from 'kysely';
import type { Database, Session } from './database.ts';
import { keepQuery } from './kept-query.ts';

/** Whom a key belongs to and what was granted; roles become permissions in the API. */
export type KeyHolder = {
  readonly tenant: string;
  readonly userId: string;
  readonly username: string;
  readonly email: string;
  readonly roles: readonly string[];
  readonly groups: readonly string[];
  /** Granted apart from the roles. */
  readonly permissions: readonly string[];
  /** What the key is cut down to; empty = not cut. */
  readonly scopes: readonly string[];
};

/** As it was found. */
export type FoundHolder = KeyHolder & {
  /** Of the key and of what was found, see `KnownKey`. */
  readonly hash: Buffer;
  readonly version: string;
};

/** A new key: `weft_<prefix>_<256 random bits>`. Only its digest is ever stored, so show it now. */
export function generateKey(): string {
  return `weft_${randomBytes(4).toString('hex')}_${randomBytes(32).toString('base64url')}`;
}

export type NewKey = {
  readonly userId: string;
  readonly name: string;
  /** @default not cut down */
  readonly scopes?: readonly string[];
  /** ISO 8601. @default never */
  readonly expiresAt?: string;
};

/** Makes a key for a user of the session's tenant and returns it in plain, this once. */
export async function createKey(session: Session, key: NewKey): Promise<string> {
  const plain = generateKey();
  await importKey(session, plain, key);
  return plain;
}

/** Lets a key that was made elsewhere in; doing it again changes nothing. */
export async function importKey(session: Session, plain: string, key: NewKey): Promise<void> {
  await session
    .insertInto('api_keys')
    .values({
      user_id: key.userId,
      name: key.name,
      prefix: plain.split('_').slice(0, 2).join('_').slice(0, 16),
      hash: keyDigest(plain),
      scopes: [...(key.scopes ?? [])],
      expires_at: key.expiresAt ?? null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/**
 * Who holds a key: undefined when it is unknown, revoked or expired, or its user is gone or inactive.
 * @throws Problem DATABASE_UNAVAILABLE
 */
export async function findKeyHolder(database: Database, plain: string): Promise<FoundHolder | undefined> {
  const hash = keyDigest(plain);
  const [row] = await database.readAsEngine((session) => findByHash(session, hash));
  if (!row || !timingSafeEqual(row.hash, hash)) return undefined;
  if (row.use_is_stale) {
    await database.asEngine((session) => touch(session, row.tenant_id, row.id), { asyncCommit: true });
  }
  const { tenant_id: tenant, user_id: userId, username, email, roles, groups, permissions, scopes, version } = row;
  return { tenant, userId, username, email, roles, groups, permissions, scopes, hash, version };
}

const findByHash = keepQuery((session, hash: Buffer) =>
  session
    .selectFrom('api_keys as k')
    .innerJoin('users as u', (join) => join.onRef('u.tenant_id', '=', 'k.tenant_id').onRef('u.id', '=', 'k.user_id'))
    .select(['k.id', 'k.hash', 'k.scopes', 'u.tenant_id', 'u.id as user_id', 'u.username', 'u.email'])
    .select(['u.roles', 'u.groups', 'u.permissions'])
    // As `weft.confirmed_role` puts it together.
    .select(sql<string>`concat(u.xmin, ' ', k.scopes)`.as('version'))
    .select(sql<boolean>`k.last_used_at is null or k.last_used_at < now() - interval '1 minute'`.as('use_is_stale'))
    .where('k.hash', '=', hash)
    .where('k.revoked_at', 'is', null)
    .where((where) => where.or([where('k.expires_at', 'is', null), where('k.expires_at', '>', sql<Date>`now()`)]))
    .where('u.is_active', '=', true)
    .where('u.deleted_at', 'is', null),
);

function touch(session: Session, tenant: string, id: string) {
  return session
    .updateTable('api_keys')
    .set({ last_used_at: sql`now()` })
    .where('tenant_id', '=', tenant)
    .where('id', '=', id)
    .execute();
}

/** What of a key is stored. */
export function keyDigest(plain: string): Buffer {
  return createHash('sha256').update(plain).digest();
}
