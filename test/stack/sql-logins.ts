import { Client } from 'pg';
import { expect } from 'vitest';
import { createLocalLogin } from '../../src/migrate.ts';
import { addressOf, ask } from '../migrations/catalog.ts';

/** Logins of the SQL surface, one for each of some users: what a program or a person has. */
export type SqlLogins = {
  readonly as: (user: string, text: string, values?: unknown[]) => Promise<any[]>;
  /** The error of a statement that must not be taken. */
  readonly refused: (user: string, text: string) => Promise<{ code: string; message: string; hint?: string }>;
  readonly close: () => Promise<void>;
  /** After the database is gone. */
  readonly drop: () => Promise<void>;
};

/** @param name tells the logins of test files apart, which share a server */
export async function createSqlLogins(superuserUrl: string, name: string, users: string[]): Promise<SqlLogins> {
  const clients = new Map<string, Client>();
  const roleOf = (user: string) => `weft_test_${name}_${user}`;
  for (const user of users) {
    await createLocalLogin({ url: superuserUrl, name: roleOf(user), password: 'sql', userId: user });
    const client = new Client({ connectionString: addressOf(superuserUrl, roleOf(user), 'sql') });
    await client.connect();
    clients.set(user, client);
  }

  async function as(user: string, text: string, values: unknown[] = []): Promise<any[]> {
    const client = clients.get(user);
    if (!client) throw new Error(`no login for ${user}`);
    return (await client.query(text, values)).rows;
  }

  return {
    as,
    refused: (user, text) =>
      as(user, text).then(
        () => expect.fail('it was taken'),
        (error: unknown) => error as { code: string; message: string; hint?: string },
      ),
    close: async () => {
      for (const client of clients.values()) await client.end();
      for (const user of users) await ask(superuserUrl, `drop owned by ${roleOf(user)}`);
    },
    drop: async () => {
      for (const user of users) await ask(superuserUrl.replace(/[^/]*$/, 'postgres'), `drop role ${roleOf(user)}`);
    },
  };
}
