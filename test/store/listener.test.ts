import { sql } from 'kysely';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createDatabase } from '../../src/store/database.ts';
import type { Database } from '../../src/store/database.ts';
import { createTestDatabase } from '../stack/database.ts';
import type { TestDatabase } from '../stack/database.ts';

let test: TestDatabase;
let database: Database;

beforeAll(async () => {
  test = await createTestDatabase();
  database = createDatabase({ url: test.url, name: 'listener-test' });
});
afterAll(async () => {
  await database.close();
  await test.drop();
});

const notify = (channel: string, payload: string) =>
  database.asEngine((session) => sql`select pg_notify(${channel}, ${payload})`.execute(session));
async function disconnect(): Promise<void> {
  const client = new pg.Client({ connectionString: test.superuserUrl });
  await client.connect();
  // In the select list: as a condition it may be evaluated before the others, and end sessions of anybody.
  const { rowCount } = await client.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and application_name = 'listener-test listen'`,
  );
  await client.end();
  expect(rowCount).toBe(1);
}

/** What a channel said, from the '' of its beginning on. */
async function listenTo(channel: string) {
  const heard: string[] = [];
  const unlisten = database.listen(channel, (payload) => void heard.push(payload));
  await vi.waitFor(() => expect(heard).toEqual(['']), { timeout: 5_000 });
  return { heard, unlisten };
}

describe('listening', () => {
  it('tells each what its channel says', async () => {
    const [a, b, again] = [await listenTo('a'), await listenTo('b'), await listenTo('a')];
    await notify('a', 'one');
    await notify('b', 'two');
    await notify('a', 'three');
    await vi.waitFor(() => expect(again.heard).toEqual(['', 'one', 'three']));
    expect(a.heard).toEqual(again.heard);
    expect(b.heard).toEqual(['', 'two']);
    again.unlisten();
    await notify('a', 'four');
    await vi.waitFor(() => expect(a.heard).toEqual(['', 'one', 'three', 'four']));
    expect(again.heard).toEqual(['', 'one', 'three']);
    for (const { unlisten } of [a, b]) unlisten();
  });

  it('goes on by itself when the connection is lost, and says that it began anew', async () => {
    const { heard, unlisten } = await listenTo('lost');
    await notify('lost', 'before');
    await vi.waitFor(() => expect(heard).toEqual(['', 'before']));
    await disconnect();
    await vi.waitFor(() => expect(heard).toEqual(['', 'before', '']), { timeout: 5_000 });
    await notify('lost', 'after');
    await vi.waitFor(() => expect(heard).toEqual(['', 'before', '', 'after']));
    unlisten();
  });

  it('begins as soon as there is a database', async () => {
    const heard: string[] = [];
    const name = `weft_test_late_${process.pid}`;
    const url = new URL(test.superuserUrl);
    url.pathname = `/${name}`;
    const late = createDatabase({ url: url.href, name: 'listener-test late' });
    late.listen('x', (payload) => void heard.push(payload));
    await new Promise((resolve) => setTimeout(resolve, 300));
    const server = new pg.Client({ connectionString: test.superuserUrl });
    await server.connect();
    await server.query(`create database ${name}`);
    await vi.waitFor(() => expect(heard).toEqual(['']), { timeout: 10_000 });
    await late.close();
    await server.query(`drop database ${name} with (force)`);
    await server.end();
  });

  it('ends with the database', async () => {
    const own = createDatabase({ url: test.url, name: 'listener-test own' });
    own.listen('x', () => undefined);
    await own.ping();
    await own.close();
    await vi.waitFor(async () => {
      const { rows } = await database.asEngine((session) =>
        sql`select from pg_stat_activity where application_name like 'listener-test own%'`.execute(session),
      );
      expect(rows).toHaveLength(0);
    });
  });
});

describe('the tables tell', () => {
  const addExecutions = (status: string, ids: readonly string[], trigger = 'sql') =>
    database.asEngine((session) =>
      session
        .insertInto('workflow_executions')
        .values(ids.map((id) => ({ tenant_id: 'default', id, status, trigger })))
        .onConflict((conflict) => conflict.columns(['tenant_id', 'id']).doUpdateSet({ status }))
        .execute(),
    );

  it('of starts, once a statement, and of nothing else in the mirror', async () => {
    const { heard, unlisten } = await listenTo('weft_starts');
    await addExecutions('pending', ['a', 'b', 'c']);
    await vi.waitFor(() => expect(heard).toEqual(['', '']));
    await addExecutions('running', ['a', 'b', 'd']);
    await addExecutions('pending', ['a']);
    // Who accepts these starts them.
    await addExecutions('pending', ['e'], 'api');
    await addExecutions('pending', ['f'], 'parent');
    await notify('weft_starts', 'end');
    await vi.waitFor(() => expect(heard).toEqual(['', '', 'end']));
    unlisten();
  });

  it('of commands', async () => {
    const { heard, unlisten } = await listenTo('weft_commands');
    await database.asApp({ tenant: 'default', userId: 'system' }, (session) =>
      session
        .insertInto('commands')
        .values(['pause', 'cancel'].map((action) => ({ execution_id: 'a', action })))
        .execute(),
    );
    await vi.waitFor(() => expect(heard).toEqual(['', '']));
    unlisten();
  });
});
