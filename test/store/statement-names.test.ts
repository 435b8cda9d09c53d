import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatabase } from '../../src/store/database.ts';
import type { Database } from '../../src/store/database.ts';
import { createStatementNames } from '../../src/store/statement-names.ts';
import { ask } from '../migrations/catalog.ts';
import type { TestDatabase } from '../stack/database.ts';
import { createTestDatabase } from '../stack/database.ts';

it('a text that comes for the third time has a name, until there are enough', () => {
  const nameOf = createStatementNames();
  expect([nameOf('a'), nameOf('b'), nameOf('a'), nameOf('a'), nameOf('a')]).toEqual([
    ...[undefined, undefined, undefined, 'weft_1', 'weft_1'],
  ]);
  for (let text = 0; text < 10_000; text++) nameOf(`once ${text}`);
  for (let turn = 0; turn < 3; turn++) for (let text = 0; text < 300; text++) nameOf(`often ${text}`);
  const names = Array.from({ length: 300 }, (_, text) => nameOf(`often ${text}`));
  expect(names.filter((name) => name !== undefined)).toHaveLength(199);
  expect(new Set(names).size).toBe(200);
});

describe('statements that come again', () => {
  let test: TestDatabase;
  let database: Database;
  beforeAll(async () => {
    test = await createTestDatabase();
    database = createDatabase({ url: test.url, name: 'prepare-test', maxConnections: 1 });
    await ask(
      test.superuserUrl,
      'create table public.shapes (a int); grant usage on schema public to weft_engine; grant select on public.shapes to weft_engine',
    );
    await ask(test.superuserUrl, 'insert into public.shapes values (1)');
  });
  afterAll(async () => {
    await database.close();
    await test.drop();
  });
  const plans = (db: Database) =>
    db.asEngine(async (session) => {
      const { rows } = await sql<{ n: number }>`
        select count(*)::int as n from pg_prepared_statements where statement like '%shapes%'`.execute(session);
      return rows[0]?.n;
    });
  const read = (db: Database) =>
    db.asEngine(async (session) => {
      const { rows } = await sql`select * from public.shapes where ${1}::int = 1`.execute(session);
      return rows;
    });

  it('are planned once, and not where a pooler stands between', async () => {
    for (let turn = 0; turn < 4; turn++) await read(database);
    expect(await plans(database)).toBe(1);
    const pooled = createDatabase({ url: test.url, directUrl: test.superuserUrl, name: 'pooled', maxConnections: 1 });
    for (let turn = 0; turn < 4; turn++) await read(pooled);
    expect(await plans(pooled)).toBe(0);
    await pooled.close();
  });

  it('whose answer a migration changes are safe to repeat, and right then', async () => {
    for (let turn = 0; turn < 4; turn++) await read(database);
    await ask(test.superuserUrl, 'alter table public.shapes add column b int default 2');
    await expect(read(database)).rejects.toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
    expect(await read(database)).toEqual([{ a: 1, b: 2 }]);
  });
});
