import { sql } from 'kysely';
import type { DatabaseError } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase } from '../../src/store/database.ts';
import type { Database, Session } from '../../src/store/database.ts';
import { createUser } from '../../src/store/users.ts';
import { createTestDatabase } from '../stack/database.ts';
import type { TestDatabase } from '../stack/database.ts';
import { ask } from './catalog.ts';
import { insertInto, PLATFORM_TABLES, WITH_PARENT } from './platform-rows.ts';

let test: TestDatabase;
let database: Database;

const run = (text: string, tenant = 'default') =>
  database.asApp({ tenant, userId: 'ann' }, (session: Session) => sql.raw(text).execute(session));

beforeAll(async () => {
  test = await createTestDatabase();
  database = createDatabase({ url: test.url, name: 'platform-tenants-test' });
  for (const [tenant, id] of [
    ['default', 'mine'],
    ['other', 'secret'],
  ] as const) {
    await database.asApp({ tenant, userId: 'system' }, (session) =>
      createUser(session, { id: 'ann', username: 'ann', name: 'Ann', email: 'ann@weft.test', roles: [] }),
    );
    for (const table of PLATFORM_TABLES) await run(insertInto(table, id, id), tenant);
  }
});
afterAll(async () => {
  await database.close();
  await test.drop();
});

describe('another tenant', () => {
  it.each(PLATFORM_TABLES)('sees, changes and removes nothing of %s', async (table) => {
    expect((await run(`select from ${table} where id = 'secret'`)).rows).toEqual([]);
    expect((await run(`update ${table} set id = 'x' where id = 'secret'`)).numAffectedRows).toBe(0n);
    const removed = await database.asApp({ tenant: 'default', userId: 'ann' }, async (session) => {
      const { rows } = await sql
        .raw<{ may: boolean }>(`select has_table_privilege('weft.${table}', 'delete') as may`)
        .execute(session);
      return rows[0]?.may
        ? (await sql.raw(`delete from ${table} where id = 'secret'`).execute(session)).numAffectedRows
        : 0n;
    });
    expect(removed).toBe(0n);
    expect(
      await ask(test.superuserUrl, `select from weft.${table} where id = 'secret' and tenant_id = 'other'`),
    ).toHaveLength(1);
  });

  it.each(WITH_PARENT)('answers a foreign id in %s as a fresh one', async (table) => {
    const refusal = async (parent: string) => {
      const [answer] = await Promise.allSettled([run(insertInto(table, `of-${parent}`, parent))]);
      const { code, constraint, message, detail } = (answer as { readonly reason: DatabaseError }).reason;
      return { code, constraint, message, detail };
    };
    const fresh = await refusal('no-such');
    expect(fresh).toMatchObject({ code: '23503', constraint: expect.stringContaining(table) });
    expect(await refusal('secret')).toEqual(fresh);
  });

  it('has taken no id and no name', async () => {
    for (const table of PLATFORM_TABLES) await run(insertInto(table, 'secret', 'secret'));
  });
});
