import type { Context } from 'hono';
import { Problem } from '../problem.ts';
import { findKeyHolder } from '../store/keys.ts';
import { permissionsOf } from '../permissions.ts';
import type { ApiEnv, Principal } from './services.ts';

/**
 * Who calls, from the `Authorization: Bearer` header; nobody is let in under a default.
 * @throws Problem UNAUTHENTICATED, the same for every reason
 */
export async function authenticate(c: Context<ApiEnv>): Promise<Principal> {
  const key = /^Bearer +([\w-]{1,200})$/i.exec(c.req.header('authorization') ?? '')?.[1];
  const holder = key === undefined ? undefined : await findKeyHolder(c.get('services').database, key);
  if (!holder) throw new Problem('UNAUTHENTICATED', 'Send a valid key: Authorization: Bearer <key>.');
  const { tenant, userId, username, email, roles, groups } = holder;
  return { tenant, userId, username, email, roles, groups, permissions: permissionsOf(holder) };
}
