import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closeWait, openWait } from '../../src/store/event-waits.ts';
import type { NewWait } from '../../src/store/event-waits.ts';
import { insertEvent } from '../../src/store/events.ts';
import { routeEvents } from '../../src/store/route-events.ts';
import { createEventStack } from '../reconcile/event-stack.ts';
import type { EventStack } from '../reconcile/event-stack.ts';

describe('events and waits find each other', { timeout: 60_000 }, () => {
  let stack: EventStack;
  beforeAll(async () => {
    stack = await createEventStack();
  });
  afterAll(() => stack.close());

  /** An execution with one wait, asked directly: attempts, runs and their order are the test's. */
  async function setUp(more: Partial<NewWait> = {}) {
    const executionId = `calls-${randomUUID()}`;
    const name = `name-${randomUUID()}`;
    await stack.addExecution(executionId);
    const wait: NewWait = {
      tenant: 'default',
      executionId,
      path: '/w',
      name,
      key: null,
      where: null,
      count: 1,
      expiresAt: null,
      registeredAt: 1_000,
      ...more,
    };
    return {
      wait,
      send: async (n: number, key: string | null = null) => {
        const event = { name, key, data: String(n), source: 'test', dedupeKey: null };
        return (await stack.database.asEngine((session) => insertEvent(session, 'default', event))).id;
      },
      open: async (changes: Partial<NewWait> = {}) => {
        const events = await stack.database.asEngine((session) => openWait(session, { ...wait, ...changes }));
        return events.map(({ data }) => data);
      },
      close: (taken: readonly string[], askedAt: number, path = '/w') =>
        stack.database.asEngine((session) =>
          closeWait(session, { tenant: 'default', executionId, path, taken, askedAt }),
        ),
      route: () => stack.database.asEngine(routeEvents),
      row: async (path = '/w') =>
        (
          await stack.query('select * from weft.event_waits where execution_id = $1 and path = $2', [executionId, path])
        )[0],
      unsent: async () =>
        (
          await stack.query(
            'select path from weft.event_deliveries where execution_id = $1 and sent_at is null order by 1',
            [executionId],
          )
        ).map(({ path }) => path),
    };
  }

  it('an attempt that is repeated gets again what the wait has, early and since', async () => {
    const { open, send, route, unsent } = await setUp({ count: 3 });
    await send(1);
    expect(await open()).toEqual([1]);
    await send(2);
    await route();
    expect(await unsent()).toEqual(['/w']);
    expect(await open()).toEqual([1, 2]);
    expect(await unsent()).toEqual([]);
  });

  it('one that waits for one gets no more than one, and leaves the others', async () => {
    const { open, send, route, close } = await setUp();
    const first = await send(1);
    await send(2);
    expect(await open()).toEqual([1]);
    await send(3);
    await route();
    expect(await open()).toEqual([1]);
    await close([first], 2_000);
    expect(await open({ path: '/next', count: 9, registeredAt: 3_000 })).toEqual([2, 3]);
  });

  it('after a reset the wait begins anew, and what it took is there again', async () => {
    const { open, send, close } = await setUp();
    const id = await send(1);
    expect(await open()).toEqual([1]);
    await close([id], 2_000);
    expect(await open({ path: '/other' })).toEqual([]);
    expect(await open({ registeredAt: 3_000 })).toEqual([1]);
  });

  it('a late attempt of before changes nothing: neither opening nor closing', async () => {
    const { open, send, close, row } = await setUp();
    const id = await send(1);
    await open();
    await close([id], 2_000);
    expect(await open()).toEqual([]);
    expect((await row()).ended_at).not.toBeNull();
    await open({ registeredAt: 3_000 });
    await close([], 2_500);
    expect((await row()).ended_at).toBeNull();
    expect(await open({ registeredAt: 2_000 })).toEqual([]);
  });

  it('an early page is bounded, and what is beyond comes by delivery', async () => {
    const { wait, open, route, unsent, row } = await setUp({ count: 2_000 });
    await stack.query(
      `insert into weft.events (tenant_id, name, data, created_at) select 'default', $1, to_jsonb(n), clock_timestamp() from generate_series(1, 1200) n`,
      [wait.name],
    );
    expect(await open()).toHaveLength(500);
    expect((await row()).early_at).not.toBeNull();
    await route();
    expect(await unsent()).toHaveLength(500);
    // Not before those are on their way.
    await route();
    expect(await unsent()).toHaveLength(500);
    await stack.query('update weft.event_deliveries set sent_at = now() where execution_id = $1', [wait.executionId]);
    await route();
    expect(await unsent()).toHaveLength(200);
    expect(await row()).toMatchObject({ taken: 1_200, early_at: null, early_id: null });
    const [count] = await stack.query(
      'select count(distinct event_id)::int as n from weft.event_deliveries where execution_id = $1',
      [wait.executionId],
    );
    expect(count.n).toBe(1_200);
  });

  it('an event that is committed late is not passed over', async () => {
    const { wait, open, route, row } = await setUp({ count: 2_000 });
    const slow = new Client({ connectionString: stack.superuserUrl });
    await slow.connect();
    await slow.query('begin');
    await slow.query(`insert into weft.events (tenant_id, name, data) values ('default', $1, '"late"')`, [wait.name]);
    await stack.query(
      `insert into weft.events (tenant_id, name, data, created_at) select 'default', $1, to_jsonb(n), clock_timestamp() from generate_series(1, 600) n`,
      [wait.name],
    );
    expect(await open()).toHaveLength(500);
    await slow.query('commit');
    await slow.end();
    await route();
    await stack.query('update weft.event_deliveries set sent_at = now() where execution_id = $1', [wait.executionId]);
    await route();
    expect(await row()).toMatchObject({ taken: 601, early_at: null });
  });

  it('an event that is stored while a wait is being registered finds it', async () => {
    const { wait, send, route, unsent } = await setUp();
    const routing = await stack.database.asEngine(async (session) => {
      expect(await openWait(session, wait)).toEqual([]);
      await send(1);
      // It must not look for waits before this one is committed.
      const routing = route();
      await new Promise((resolve) => setTimeout(resolve, 300));
      return { ended: routing };
    });
    await routing.ended;
    expect(await unsent()).toEqual(['/w']);
  });

  it('an event and a wait that come at the same moment find each other', async () => {
    const lost: number[] = [];
    for (let round = 0; round < 40; round++) {
      const { open, send, route, wait } = await setUp();
      await Promise.all([send(round).then(route), open(), route()]);
      // Whoever was at it when it came is not asked again by this test.
      while (await route());
      const rows = await stack.query('select 1 from weft.event_deliveries where execution_id = $1', [wait.executionId]);
      if (rows.length !== 1) lost.push(round);
    }
    expect(lost).toEqual([]);
  });

  it('an event of before the execution, of over 7 days ago, or that has expired wakes nobody', async () => {
    const { wait, open } = await setUp({ count: 9 });
    const add = (created: string, expires: string) =>
      stack.query(
        `insert into weft.events (tenant_id, name, data, created_at, expires_at) values ('default', $1, '1', ${created}, ${expires})`,
        [wait.name],
      );
    await add(`now() - interval '1 hour'`, 'null');
    await stack.query(`update weft.workflow_executions set created_at = now() - interval '30 days' where id = $1`, [
      wait.executionId,
    ]);
    await add(`now() - interval '8 days'`, 'null');
    await add(`now() - interval '1 day'`, `now() - interval '1 minute'`);
    expect(await open()).toHaveLength(1);
  });

  it('and none of another tenant, or of another key', async () => {
    const { wait, open, send, route } = await setUp({ key: 'k', count: 9 });
    await stack.query(`insert into weft.events (tenant_id, name, key, data) values ('other', $1, 'k', '1')`, [
      wait.name,
    ]);
    await send(2, 'l');
    await send(3);
    await send(4, 'k');
    expect(await open()).toEqual([4]);
    await stack.query(`insert into weft.events (tenant_id, name, key, data) values ('other', $1, 'k', '5')`, [
      wait.name,
    ]);
    await send(6, 'k');
    await route();
    expect(await open()).toEqual([4, 6]);
  });
});
