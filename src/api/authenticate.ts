import type { Context } from 'hono';
import { permissionsOf } from '../permissions.ts';
import { Problem } from '../problem.ts';
import { createKept } from '../store/kept.ts';
import { findKeyHolder, keyDigest } from '../store/keys.ts';
import type { FoundHolder } from '../store/keys.ts';
import type { ApiEnv, Principal } from './services.ts';

/** Keys whose holders a process remembers, and for how long, ms: when a key was used last is noted by looking it up. */
const MOST_KNOWN = 1_000;
const KNOWN_MS = 60_000;

type Known = { readonly principal: Principal; readonly version: string; readonly until: number };

/** By the digest of the key, in hexadecimal. Of any database: each of them says itself whether it is so. */
const known = createKept<Known>(MOST_KNOWN);

/**
 * Who calls, from the `Authorization: Bearer` header; nobody is let in under a default.
 * @throws Problem UNAUTHENTICATED, the same for every reason
 */
export async function authenticate(c: Context<ApiEnv>): Promise<Principal> {
  const key = keyOf(c);
  const holder = key === undefined ? undefined : await findKeyHolder(c.get('services').database, key);
  if (!holder) throw new Problem('UNAUTHENTICATED', 'Send a valid key: Authorization: Bearer <key>.');
  const principal = principalOf(holder);
  const { hash, version } = holder;
  known.set(hash.toString('hex'), { principal, version, until: Date.now() + KNOWN_MS });
  return principal;
}

/**
 * Whom this process knows to have the key: not yet true, but what their first transaction confirms ({@link Principal}'s
 * `key`). Undefined where it has to be looked up.
 */
export function recognize(c: Context<ApiEnv>): (Principal & Required<Pick<Principal, 'key'>>) | undefined {
  const key = keyOf(c);
  if (key === undefined) return undefined;
  const hash = keyDigest(key);
  const found = known.get(hash.toString('hex'));
  if (!found || found.until < Date.now()) return undefined;
  const { principal, version } = found;
  return { ...principal, key: { hash, version, wasAsked: false, isConfirmed: false, hasChanged: false } };
}

function keyOf(c: Context<ApiEnv>): string | undefined {
  return /^Bearer +([\w-]{1,200})$/i.exec(c.req.header('authorization') ?? '')?.[1];
}

function principalOf(holder: FoundHolder): Principal {
  const { tenant, userId, username, email, roles, groups } = holder;
  return { tenant, userId, username, email, roles, groups, permissions: permissionsOf(holder) };
}
