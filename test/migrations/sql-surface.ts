import type { Client } from 'pg';
import { expect } from 'vitest';
import { createLocalLogin } from '../../src/migrate.ts';
import { createTestDatabase } from '../stack/database.ts';
import { addressOf, ask, connected } from './catalog.ts';

type Settings = { readonly [name: string]: string };

/** A database with an SQL login for each of these users, and the service beside them. */
export async function createSqlSurface<Name extends string>(logins: {
  readonly [name in Name]: { readonly userId: string; readonly tenant: string };
}) {
  const test = await createTestDatabase();
  const names = Object.keys(logins) as Name[];
  // Roles belong to the server: another test file has its own.
  const roleOf = (name: Name) => `${new URL(test.superuserUrl).pathname.slice(1)}_${name}`;
  const urlOf = (name: Name) => addressOf(test.superuserUrl, roleOf(name), 'sql');
  const as = (name: Name, text: string, values: readonly unknown[] = []) => ask<any>(urlOf(name), text, values);
  return {
    superuserUrl: test.superuserUrl,
    urlOf,
    as,
    asOwner: (text: string, values: readonly unknown[] = []) => ask<any>(test.superuserUrl, text, values),
    /** Logins name users: those must be there before. */
    createLogins: async () => {
      for (const name of names)
        await createLocalLogin({ url: test.superuserUrl, name: roleOf(name), password: 'sql', ...logins[name] });
    },
    refused: (name: Name, text: string) =>
      as(name, text).then(
        () => expect.fail('it was taken'),
        (error: unknown) => error as { code: string; message: string; hint?: string },
      ),
    /** What the service does in one transaction: as a member of weft_app, for one user or for nobody. */
    asService: <T>(settings: Settings, work: (client: Client) => Promise<T>) =>
      connected(test.url, async (client) => {
        await client.query('begin; set local role weft_app');
        for (const [name, value] of Object.entries({ tenant: 'default', ...settings }))
          await client.query('select set_config($1, $2, true)', [`app.${name}`, value]);
        const result = await work(client);
        await client.query('commit');
        return result;
      }),
    drop: async () => {
      for (const name of names) await ask(test.superuserUrl, `drop owned by ${roleOf(name)}`);
      await test.drop();
      const server = test.superuserUrl.replace(/[^/]*$/, 'postgres');
      for (const name of names) await ask(server, `drop role ${roleOf(name)}`);
    },
  };
}
