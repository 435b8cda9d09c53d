import { sql } from 'kysely';
import type { Session } from './database.ts';
import { keepQuery } from './kept-query.ts';

export type NewUser = {
  readonly id: string;
  readonly username: string;
  readonly email: string;
  readonly name: string;
  readonly roles: readonly string[];
  readonly groups?: readonly string[];
};

/** Makes a user of the session's tenant; one with that id stays as it is. */
export async function createUser(session: Session, user: NewUser): Promise<void> {
  await session
    .insertInto('users')
    .values({ ...user, roles: [...user.roles], groups: [...(user.groups ?? [])] })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'id']).doNothing())
    .execute();
}

/** Usernames of some of a tenant's users, by id. */
export async function usernamesOf(
  session: Session,
  tenant: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await findUsernames(session, tenant, ids);
  return new Map(rows.map(({ id, username }) => [id, username]));
}

const findUsernames = keepQuery((session, tenant: string, ids: readonly string[]) =>
  session
    .selectFrom('users')
    .select(['id', 'username'])
    .where('tenant_id', '=', tenant)
    .where(sql<boolean>`id = any(${ids}::text[])`),
);

/** Who a user is and what was granted to them; undefined when there is none, or an inactive one. */
export function findUser(session: Session, tenant: string, id: string) {
  return session
    .selectFrom('users')
    .select(['tenant_id as tenant', 'id as userId', 'username', 'email', 'roles', 'groups', 'permissions'])
    .where('tenant_id', '=', tenant)
    .where('id', '=', id)
    .where('is_active', '=', true)
    .where('deleted_at', 'is', null)
    .executeTakeFirst();
}
