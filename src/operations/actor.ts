import type { Actor } from '../contract.ts';

/** Who acts, as the API authenticated them. */
export type Person = {
  readonly tenant: string;
  readonly userId: string;
  readonly username: string;
  readonly email: string;
  readonly roles: readonly string[];
  readonly groups: readonly string[];
};

/** How workflows know a person: what assignees and candidate groups may name. */
export function actorOf({ userId, username, email, roles, groups }: Person): Actor {
  return { id: userId, names: [...new Set([userId, username, email])], groups: [...new Set([...groups, ...roles])] };
}
