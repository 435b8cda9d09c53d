import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createDatabase } from '../../src/store/database.ts';
import type { Database, Session } from '../../src/store/database.ts';
import { createTestDatabase } from '../stack/database.ts';
import type { TestDatabase } from '../stack/database.ts';
import { createTcpProxy } from '../stack/tcp-proxy.ts';

const WHO = { tenant: 'default', userId: 'system' };
const UNAVAILABLE = { name: 'Problem', code: 'DATABASE_UNAVAILABLE', status: 503 };
let test: TestDatabase;
/** One connection: each transaction gets the one before's. */
let database: Database;

beforeAll(async () => {
  test = await createTestDatabase();
  // The test server's own default is off.
  const login = new URL(test.url);
  await superuser(`alter role ${login.username} in database ${login.pathname.slice(1)} set synchronous_commit = on`);
  database = createDatabase({ url: test.url, name: 'database-test', maxConnections: 1 });
});
afterAll(async () => {
  await database.close();
  await test.drop();
});

async function one<T>(session: Session, expression: string): Promise<T> {
  const { rows } = await sql<{ value: T }>`select ${sql.raw(expression)} as value`.execute(session);
  return rows[0]!.value;
}
const state = (session: Session) =>
  one(
    session,
    `json_build_object('role', current_user, 'tenant', current_setting('app.tenant', true), 'user', current_setting('app.current_user_id', true), 'path', current_setting('search_path'), 'commit', current_setting('synchronous_commit'))`,
  );

describe('a transaction', () => {
  it('of the app is for one tenant and user, and nothing of it stays', async () => {
    const who = { tenant: "o'neill\\", userId: 'ünïcode"' };
    expect(await database.asApp(who, state)).toEqual({
      ...{ role: 'weft_app', tenant: who.tenant, user: who.userId, path: 'weft, pg_temp', commit: 'on' },
    });
    expect(await database.asEngine(state)).toMatchObject({ role: 'weft_engine', tenant: '', user: '' });
  });

  it('of the engine may leave the disk to itself', async () => {
    expect(await database.asEngine(state, { asyncCommit: true })).toMatchObject({ role: 'weft_engine', commit: 'off' });
    expect(await database.asEngine(state)).toMatchObject({ commit: 'on' });
  });

  it('takes three messages for one statement', async () => {
    const query = vi.spyOn(pg.Client.prototype, 'query');
    await database.asApp(WHO, (session) => session.selectFrom('workflows').select('id').execute());
    const texts = query.mock.calls.map(([query]) =>
      typeof query === 'string' ? query : (query as { text: string }).text,
    );
    query.mockRestore();
    expect(texts).toEqual([
      expect.stringMatching(/^begin; set local role weft_app;/),
      expect.stringMatching(/^select/),
      'commit',
    ]);
  });

  it('of one statement is one message', async () => {
    const query = vi.spyOn(pg.Client.prototype, 'query');
    await database.readAsApp(WHO, (session) => session.selectFrom('workflows').select('id').execute());
    const texts = query.mock.calls.map(([query]) => (query as unknown as { text: string }).text);
    query.mockRestore();
    expect(texts).toEqual([expect.stringMatching(/^select "id"/)]);
  });

  it.each([
    ['straight to PostgreSQL', () => test.url],
    ['through a pooler, which keeps no names', () => test.superuserUrl],
  ])('of one statement comes again and again, also after it failed, %s', async (_, directUrl) => {
    const again = createDatabase({ url: test.url, directUrl: directUrl(), name: 'again', maxConnections: 1 });
    const divide = (by: number) =>
      again.writeAsApp(WHO, (session) => sql<{ value: number }>`select 6 / ${by}::int as value`.execute(session));
    for (let count = 0; count < 3; count++) {
      for (let by = 1; by < 4; by++) expect((await divide(by)).rows).toEqual([{ value: Math.floor(6 / by) }]);
      await expect(divide(0)).rejects.toThrow('zero');
      expect(await again.readAsEngine(state)).toMatchObject({ role: 'weft_engine', tenant: '', commit: 'on' });
    }
    await again.close();
  });

  it('of one statement takes no second, and is rolled back when that fails', async () => {
    const writing = database.writeAsEngine((session) =>
      session.insertInto('leases').values({ name: 'single', holder: 'h', expires_at: new Date() }).execute(),
    );
    await writing;
    const two = database.writeAsEngine(async (session) => {
      await session.deleteFrom('leases').execute();
      await session.deleteFrom('leases').execute();
    });
    await expect(two).rejects.toThrow('one statement');
    await expect(database.writeAsEngine((session) => sql`select 1 / 0`.execute(session))).rejects.toThrow('zero');
    const swallowing = database.writeAsEngine((session) => sql`select 1 / 0`.execute(session).catch(() => 'fine'));
    await expect(swallowing).rejects.toThrow('rolled back');
    expect(await database.asEngine(state)).toMatchObject({ role: 'weft_engine', commit: 'on' });
    expect(await database.writeAsEngine(state)).toMatchObject({ role: 'weft_engine', commit: 'off' });
  });

  it('that reads sees one tenant, writes nothing, and leaves its connection in order', async () => {
    const who = { tenant: 'acme', userId: 'ada' };
    expect(await database.readAsApp(who, state)).toMatchObject({ role: 'weft_app', tenant: 'acme', user: 'ada' });
    expect(await database.readAsEngine(state)).toMatchObject({ role: 'weft_engine', tenant: '', user: '' });
    const writing = database.readAsEngine((session) => session.deleteFrom('leases').execute());
    await expect(writing).rejects.toThrow('read-only transaction');
    await expect(database.readAsApp({ tenant: 'a\u0000b', userId: '' }, state)).rejects.toThrow('NUL');
    await expect(database.readAsEngine((session) => one(session, '1 / 0'))).rejects.toThrow('zero');
    expect(await database.asApp(WHO, state)).toMatchObject({ tenant: 'default', role: 'weft_app' });
  });

  it('is rolled back by an error, which arrives as it is', async () => {
    const add = (session: Session, name: string) =>
      session.insertInto('leases').values({ name, holder: 'h', expires_at: new Date() }).execute();
    const failure = Object.assign(new Error('not of the database'), { code: 'ECONNREFUSED' });
    const failing = database.asEngine(async (session) => {
      await add(session, 'failing');
      throw failure;
    });
    await expect(failing).rejects.toBe(failure);
    await expect(database.asEngine((session) => add(session, null as unknown as string))).rejects.toMatchObject({
      code: '23502',
      column: 'name',
    });
    expect(await database.asEngine((session) => session.selectFrom('leases').select('name').execute())).toEqual([]);
  });

  it('does not pretend to commit after an error that was swallowed', async () => {
    const swallowing = database.asEngine((session) => sql`select 1 / 0`.execute(session).catch(() => 'fine'));
    await expect(swallowing).rejects.toThrow('rolled back');
    await database.ping();
  });

  it('that cannot begin leaves its connection in order', async () => {
    await expect(database.asApp({ tenant: '\u0000', userId: '' }, state)).rejects.toThrow();
    expect(await database.asApp(WHO, state)).toMatchObject({ tenant: 'default' });
  });
});

describe('values', () => {
  it.each([
    ['9007199254740991::bigint', 9_007_199_254_740_991],
    ['12.5::numeric(12, 4)', 12.5],
    ['count(*)', 1],
    ["'2026-11-01T10:00:00.123456Z'::timestamptz", new Date('2026-11-01T10:00:00.123Z')],
    [`'{"a":[1,null]}'::jsonb`, { a: [1, null] }],
    ["'\\xff'::bytea", Buffer.of(255)],
    ["array['a', null]", ['a', null]],
  ])('%s', async (expression, value) => {
    expect(await database.asEngine((session) => one(session, expression))).toEqual(value);
  });

  it('a number that is not safe is an error, not another number', async () => {
    await expect(database.asEngine((session) => one(session, '9007199254740993::bigint'))).rejects.toThrow(RangeError);
  });
});

describe('a lost database', () => {
  const killAll = () =>
    superuser(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and application_name = 'database-test'`,
    );

  it('that nobody is using is found again', async () => {
    await database.ping();
    await killAll();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await database.asApp(WHO, state)).toMatchObject({ tenant: 'default' });
  });

  it('in the middle of a transaction is a problem, and the next one works', async () => {
    const work = database.asApp(WHO, async (session) => {
      await killAll();
      await state(session);
    });
    await expect(work).rejects.toMatchObject(UNAVAILABLE);
    expect(await database.asApp(WHO, state)).toMatchObject({ tenant: 'default' });
  });

  it('that refuses connections, and comes back', async () => {
    const { hostname, port } = new URL(test.url);
    const proxy = await createTcpProxy({ host: hostname, port: Number(port) });
    const url = new URL(test.url);
    url.port = String(proxy.port);
    const proxied = createDatabase({ url: url.href, name: 'database-test proxied' });
    try {
      await proxied.ping();
      await proxy.away();
      await expect(proxied.ping()).rejects.toMatchObject(UNAVAILABLE);
      await expect(proxied.asEngine(state)).rejects.toMatchObject(UNAVAILABLE);
      await proxy.back();
      expect(await proxied.asEngine(state)).toMatchObject({ role: 'weft_engine' });
    } finally {
      await proxied.close();
      await proxy.close();
    }
  });

  it('that never answers is given up after 2 s', async () => {
    // TEST-NET-1 leads nowhere; where a network answers at once that it doesn't, that is a problem too.
    const nowhere = createDatabase({ url: 'postgres://weft@192.0.2.1:5432/weft', name: 'database-test nowhere' });
    const before = performance.now();
    await expect(nowhere.ping()).rejects.toMatchObject(UNAVAILABLE);
    expect(performance.now() - before).toBeLessThan(4_000);
    await nowhere.close();
  });

  it('is what one without a free connection looks like', async () => {
    await database.asEngine(async () => {
      await expect(database.ping()).rejects.toMatchObject(UNAVAILABLE);
    });
  });
});

async function superuser(text: string): Promise<void> {
  const client = new pg.Client({ connectionString: test.superuserUrl });
  await client.connect();
  await client.query(text);
  await client.end();
}
