import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase } from '../stack/database.ts';
import type { TestDatabase } from '../stack/database.ts';
import { createSqlLogins } from '../stack/sql-logins.ts';
import type { SqlLogins } from '../stack/sql-logins.ts';
import { ask, connected } from './catalog.ts';

let test: TestDatabase;
let logins: SqlLogins;
const query = <R extends { readonly [column: string]: unknown }>(text: string) => ask<R>(test.superuserUrl, text);

beforeAll(async () => {
  test = await createTestDatabase();
  await query(`insert into weft.users (tenant_id, id, email, username, name) values
    ('default', 'ann', 'ann@a.test', 'ann', 'Ann'), ('other', 'o', 'o@o.test', 'o', 'O')`);
  logins = await createSqlLogins(test.superuserUrl, 'events', ['ann']);
});
afterAll(async () => {
  await logins.close();
  await test.drop();
  await logins.drop();
});

describe('an event by SQL', () => {
  it('is in one’s own tenant and name, came by SQL, and wakes the deliverer', async () => {
    const listener = new Client({ connectionString: test.superuserUrl });
    await listener.connect();
    await listener.query('listen weft_events');
    const woken = new Promise((resolve) => listener.on('notification', ({ channel }) => resolve(channel)));
    const [row] = await logins.as(
      'ann',
      `insert into weft.events (name, key, data, dedupe_key) values ('order.paid', 'o-1', '{"n": 1}', 'row 7') returning *`,
    );
    expect(row).toMatchObject({
      tenant_id: 'default',
      created_by: 'ann',
      source: 'sql',
      status: 'received',
      routed_at: null,
      size: 8,
    });
    expect(await woken).toBe('weft_events');
    await listener.end();
  });

  it.each([
    ['another tenant', `insert into weft.events (tenant_id, name) values ('other', 'x')`, '42501'],
    ['another’s name', `insert into weft.events (name, created_by) values ('x', 'system')`, '42501'],
    ['another time', `insert into weft.events (name, created_at) values ('x', now() - interval '1 day')`, '42501'],
    ['as handed on', `insert into weft.events (name, routed_at) values ('x', now())`, '42501'],
    ['twice', `insert into weft.events (name, dedupe_key) values ('x', 'row 7')`, '23505'],
    [
      'in the place of an emit task’s',
      `insert into weft.events (name, dedupe_key) values ('x', 'emit:root/task')`,
      '23514',
    ],
    ['in the place of a request’s', `insert into weft.events (name, dedupe_key) values ('x', 'api:1')`, '23514'],
    ['without a name', `insert into weft.events (name) values ('')`, '23514'],
    ['with a line in its name', `insert into weft.events (name) values (E'a\\nb')`, '23514'],
    ['too large', `insert into weft.events (name, data) values ('x', to_jsonb(repeat('x', 1000001)))`, '23514'],
    ['changed', `update weft.events set data = '1'`, '42501'],
    ['deleted', 'delete from weft.events', '42501'],
    [
      'as delivered',
      `insert into weft.event_deliveries (event_id, execution_id, path) values ('1', '1', '/')`,
      '42501',
    ],
    ['as waited for', `insert into weft.event_waits (execution_id, path, name) values ('1', '/', 'x')`, '42501'],
  ])('is not %s', async (_, text, code) => {
    expect(await logins.refused('ann', text)).toMatchObject({ code });
  });
});

describe('weft.cleanup_events', () => {
  const cleanUp = (rest: string) =>
    connected(test.superuserUrl, async (client) => {
      await client.query('set role weft_engine');
      return (await client.query(`select expired::int, deleted::int from weft.cleanup_events(${rest})`)).rows[0];
    });
  const add = (id: string, daysAgo: number, more = `now()`, tenant = 'default') =>
    query(`insert into weft.events (tenant_id, id, name, created_at, expires_at, routed_at)
      values ('${tenant}', '${id}', 'old', now() - interval '${daysAgo} days', now() - interval '${daysAgo} days' + interval '7 days', ${more})`);

  it('marks what wakes nobody any more, deletes what is old, and leaves what is still to be handed on', async () => {
    await add('young', 1);
    await add('expired', 8);
    await add('old', 31);
    await add('unrouted', 31, 'null');
    await add('unsent', 31);
    await add('another', 31, 'now()', 'other');
    await query(`insert into weft.workflow_executions (tenant_id, id, status, authority, end_time, start_time) values
      ('default', 'ended', 'success', 2, now(), now()), ('default', 'open', 'running', 1, null, now())`);
    await query(
      `insert into weft.event_waits (tenant_id, execution_id, path, name) values ('default', 'ended', '/w', 'old'), ('default', 'open', '/w', 'old')`,
    );
    await query(`insert into weft.event_deliveries (tenant_id, event_id, execution_id, path, event_created_at) values
      ('default', 'unsent', 'open', '/w', now()), ('default', 'expired', 'ended', '/w', now())`);
    await query(`insert into weft.event_deliveries (tenant_id, event_id, execution_id, path, event_created_at, sent_at, taken) values
      ('default', 'old', 'open', '/w', now(), now(), true)`);
    expect(await cleanUp(`30, null, 'default'`)).toEqual({ expired: 3, deleted: 1 });
    const rows = await query<{ id: string; status: string }>(
      `select id, status from weft.events where name = 'old' order by 1`,
    );
    expect(rows.map(({ id, status }) => `${id} ${status}`)).toEqual([
      'another received',
      'expired expired',
      'unrouted received',
      'unsent expired',
      'young received',
    ]);
    expect(await query('select execution_id from weft.event_deliveries')).toEqual([{ execution_id: 'open' }]);
    expect(await query(`select execution_id from weft.event_waits where ended_at is null`)).toEqual([
      { execution_id: 'open' },
    ]);
    expect(await cleanUp('30')).toEqual({ expired: 1, deleted: 1 });
    expect(await cleanUp('30')).toEqual({ expired: 0, deleted: 0 });
  });

  it('keeps events for the 7 days in which they may be waited for', async () => {
    await expect(cleanUp('6')).rejects.toMatchObject({ code: '22023' });
  });
});
