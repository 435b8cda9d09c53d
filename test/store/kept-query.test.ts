import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createDatabase } from '../../src/store/database.ts';
import type { Database, Session } from '../../src/store/database.ts';
import { keepQuery } from '../../src/store/kept-query.ts';
import { createTestDatabase } from '../stack/database.ts';
import type { TestDatabase } from '../stack/database.ts';

let test: TestDatabase;
let database: Database;
beforeAll(async () => {
  test = await createTestDatabase();
  database = createDatabase({ url: test.url, name: 'kept-query-test' });
});
afterAll(async () => {
  await database.close();
  await test.drop();
});

it('is put together once, and each call fills its own values in, in whatever order they stand', async () => {
  const build = vi.fn((session: Session, name: string, holder: string, until: Date) =>
    session
      .insertInto('leases')
      .values({ holder, name, expires_at: until })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ holder }))
      .returning(['name', 'holder', 'expires_at as until']),
  );
  const take = keepQuery(build);
  const until = new Date('2026-11-27T00:00:00Z');
  await database.asEngine(async (session) => {
    expect(await take(session, 'a', 'ada', until)).toEqual([{ name: 'a', holder: 'ada', until }]);
    expect(await take(session, 'b', '\u0001parameter 0', until)).toEqual([
      { name: 'b', holder: '\u0001parameter 0', until },
    ]);
    expect(await take(session, 'a', 'bob', until)).toEqual([{ name: 'a', holder: 'bob', until }]);
  });
  expect(build).toHaveBeenCalledTimes(1);
});
