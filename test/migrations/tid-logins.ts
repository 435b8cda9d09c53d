import { Client } from 'pg';
import type { QueryResult } from 'pg';
import { expect } from 'vitest';
import { createTestDatabase } from '../stack/database.ts';
import { addressOf, ask } from './catalog.ts';

export const SERVICES = ['agent', 'persona', 'code', 'sql', 'knowledge', 'workflow'] as const;

type Refusal = { readonly code: string; readonly message: string; readonly hint?: string };
export type Tid = {
  /** The service's login. */
  readonly url: string;
  readonly superuserUrl: string;
  /** By one of the services' logins, or `other` (of another tenant), `person`, `nobody` (of no tenant). */
  readonly as: (login: string, text: string, values?: unknown[]) => Promise<QueryResult>;
  readonly refused: (login: string, text: string) => Promise<Refusal>;
  readonly onNotice: (login: string, hear: (message: string | undefined) => void) => void;
  readonly stop: () => Promise<void>;
};

/** A database with logins of the TID platform's services. @param name makes the roles' names this file's own */
export async function startTid(name: string): Promise<Tid> {
  const every = SERVICES.map((service) => `${service}_service`).join(', ');
  const logins = [
    ...SERVICES.map((service) => ({ login: service, roles: `${service}_service`, tenant: 'default', user: 'system' })),
    { login: 'other', roles: every, tenant: 'other', user: 'system' },
    { login: 'person', roles: 'agent_service', tenant: 'default', user: 'person' },
    { login: 'nobody', roles: every, tenant: undefined, user: 'system' },
  ].map((row) => ({ ...row, role: `weft_test_${name}_${row.login}` }));
  const { url, superuserUrl, drop } = await createTestDatabase();
  await ask(
    superuserUrl,
    `insert into weft.users (tenant_id, id, email, username, name, roles)
     values ('default', 'person', 'p@tid.test', 'person', 'P', '{developer}'), ('other', 'o', 'o@tid.test', 'o', 'O', '{}')`,
  );
  const clients: { [login: string]: Client } = {};
  for (const { login, role, roles, tenant, user } of logins) {
    await ask(superuserUrl, `create role ${role} login password 'tid' in role ${roles}`);
    if (tenant) await ask(superuserUrl, 'insert into weft.sql_logins values ($1, $2, $3)', [role, tenant, user]);
    clients[login] = new Client({ connectionString: addressOf(superuserUrl, role, 'tid') });
    await clients[login].connect();
  }
  const clientOf = (login: string): Client => clients[login] ?? expect.fail(`no login ${login}`);
  const as = (login: string, text: string, values: unknown[] = []) => clientOf(login).query(text, values);
  return {
    url,
    superuserUrl,
    as,
    refused: (login, text) =>
      as(login, text).then(
        () => expect.fail(`it was taken: ${text}`),
        (error: unknown) => error as Refusal,
      ),
    onNotice: (login, hear) => {
      clientOf(login).on('notice', ({ message }) => {
        hear(message);
      });
    },
    stop: async () => {
      for (const client of Object.values(clients)) await client.end();
      await drop();
      const server = superuserUrl.replace(/[^/]*$/, 'postgres');
      for (const { role } of logins) await ask(server, `drop role ${role}`);
    },
  };
}
