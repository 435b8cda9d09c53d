import { DEFAULT_TENANT } from '../contract.ts';
import type { Database } from './database.ts';
import { importKey } from './keys.ts';
import { createUser } from './users.ts';

/**
 * Makes the local stack's two users, so that who starts need not be who approves, and lets their keys in; doing it
 * again changes nothing.
 */
export async function seedLocalUsers(
  database: Database,
  keys: { readonly developerKey: string; readonly managerKey: string },
): Promise<void> {
  const users = [
    { username: 'developer', name: 'Developer', roles: ['admin', 'developer'], key: keys.developerKey },
    { username: 'manager', name: 'Manager', roles: ['operator', 'approver'], key: keys.managerKey },
  ];
  await database.asApp({ tenant: DEFAULT_TENANT, userId: 'system' }, async (session) => {
    for (const { username, name, roles, key } of users) {
      await createUser(session, { id: username, username, name, roles, email: `${username}@weft.local` });
      await importKey(session, key, { userId: username, name: 'local stack' });
    }
  });
}
