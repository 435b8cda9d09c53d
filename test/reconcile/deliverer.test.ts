import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sendEvent } from '../../src/operations/send-event.ts';
import { createEventStack } from './event-stack.ts';
import type { EventStack } from './event-stack.ts';
import { poll } from './stack.ts';
import type { Took, Wait } from './take-events.workflow.ts';

const system = { tenant: 'default', userId: 'system' };
const dataOf = (took: Took, path: string) => (took[path] ?? []).map(({ data }) => data);

describe('events and waits', { timeout: 120_000 }, () => {
  let stack: EventStack;
  /** Names of this test alone. */
  const named = (what: string) => `${what}-${randomUUID().slice(0, 8)}`;
  const send = (name: string, data: number, key: string | null = null, tenant = 'default') =>
    sendEvent(stack.database, { ...system, tenant }, { name, key, data });
  const wait = (name: string, more: Partial<Wait> = {}): Wait => ({ path: '/w', name, key: null, count: 1, ...more });
  const isOpen = (executionId: string, path = '/w') =>
    poll(
      () => stack.query(`select * from weft.event_waits where execution_id = $1 and path = $2`, [executionId, path]),
      (rows) => rows.length > 0 && rows[0].ended_at === null,
    );

  beforeAll(async () => {
    stack = await createEventStack();
    await stack.work();
    stack.deliver();
    stack.deliver();
  });
  afterAll(() => stack.close());

  it('5,000 events from 8 senders while waits open and close and a deliverer is killed: none lost, none twice', async () => {
    const name = named('many');
    const counts: number[] = [];
    for (let left = 5_000, turn = 0; left > 0; turn++) {
      const count = Math.min(left, [1, 3, 120, 7, 600, 1, 40][turn % 7] ?? 1);
      counts.push(count);
      left -= count;
    }
    const waits = counts.map((count, index) => wait(name, { path: `/each[${index}]/w`, count }));
    const apart = await stack.deliverApart();
    const began = Date.now();
    const { executionId, handle } = await stack.start({ lanes: [waits], renewEvery: 25 });
    await isOpen(executionId, '/each[0]/w');
    const senders = Array.from({ length: 8 }, async (_, sender) => {
      for (let index = 0; index < 625; index++) {
        const n = sender * 625 + index;
        // Every other sender sends by SQL.
        if (sender % 2 === 0) await send(name, n);
        else
          await stack.query(
            `insert into weft.events (tenant_id, name, data) values ('default', $1, to_jsonb($2::int))`,
            [name, n],
          );
        if (n === 300) apart.kill('SIGKILL');
      }
    });
    await Promise.all(senders);
    const sent = Date.now() - began;
    const took = await handle.result();
    const all = Object.values(took).flatMap((events) => events.map(({ data }) => Number(data)));
    const distinct = new Set(all).size;
    // What a wait is answered when it opens is sent at that moment, the rest by signal.
    const [rows] = await stack.query(
      `select count(*)::int as all, count(*) filter (where taken)::int as taken, count(*) filter (where sent_at > at)::int as signalled
       from weft.event_deliveries where execution_id = $1`,
      [executionId],
    );
    console.log(
      `5,000 events sent in ${sent} ms, taken after ${Date.now() - began} ms by ${waits.length} waits: ${all.length} taken, ${distinct} distinct, ${rows.signalled} by signal`,
    );
    expect(rows).toMatchObject({ all: 5_000, taken: 5_000 });
    expect(rows.signalled).toBeGreaterThan(0);
    expect([all.length, distinct]).toEqual([5_000, 5_000]);
    // Of each sender in its order.
    for (let sender = 0; sender < 8; sender++) {
      const own = all.filter((n) => Math.floor(n / 625) === sender);
      expect(own.filter((n, index) => index > 0 && n < (own[index - 1] ?? 0))).toEqual([]);
    }
  });

  it('gives a wait what came before it, and each wait its own', async () => {
    const name = named('early');
    await send(name, 0);
    const { handle } = await stack.start({
      lanes: [[wait(name, { path: '/first' }), wait(name, { path: '/second', count: 2 })]],
    });
    // What came before the execution doesn't count.
    for (const n of [1, 2, 3, 4]) await send(name, n);
    const took = await handle.result();
    expect([dataOf(took, '/first'), dataOf(took, '/second')]).toEqual([[1], [2, 3]]);
    expect(took['/first']?.[0]).toMatchObject({ name, key: null, at: expect.stringMatching(/^\d{4}-.*Z$/) });
  });

  it('gives one event to two waits that are open side by side, and to every execution', async () => {
    const name = named('both');
    const runs = [
      await stack.start({ lanes: [[wait(name, { path: '/a' })], [wait(name, { path: '/b' })]] }),
      await stack.start({ lanes: [[wait(name, { path: '/a' })], [wait(name, { path: '/b' })]] }),
    ];
    for (const { executionId } of runs) for (const path of ['/a', '/b']) await isOpen(executionId, path);
    await send(name, 7);
    for (const { handle } of runs) {
      const took = await handle.result();
      expect([dataOf(took, '/a'), dataOf(took, '/b')]).toEqual([[7], [7]]);
    }
  });

  it('by key: with one only the same, without one any', async () => {
    const name = named('key');
    const { executionId, handle } = await stack.start({
      lanes: [[wait(name, { path: '/k', key: 'k' })], [wait(name, { path: '/any', count: 3 })]],
    });
    await isOpen(executionId, '/k');
    await send(name, 1);
    await send(name, 2, 'other');
    await send(name, 3, 'k');
    const took = await handle.result();
    expect([dataOf(took, '/k'), dataOf(took, '/any')]).toEqual([[3], [1, 2, 3]]);
  });

  it('what a wait refuses is there for the next, however much of it', async () => {
    const name = named('where');
    const { executionId, handle } = await stack.start({
      lanes: [
        [wait(name, { path: '/odd', only: 'odd', count: 2 }), wait(name, { path: '/even', only: 'even', count: 700 })],
      ],
    });
    await isOpen(executionId, '/odd');
    // More than one page of early ones for the second wait.
    await stack.query(
      `insert into weft.events (tenant_id, name, data, created_at) select 'default', $1, to_jsonb(2 * n), clock_timestamp() from generate_series(1, 700) n`,
      [name],
    );
    await send(name, 1);
    await send(name, 3);
    const took = await handle.result();
    expect(dataOf(took, '/odd')).toEqual([1, 3]);
    expect(new Set(dataOf(took, '/even')).size).toBe(700);
  });

  it('an execution that is over gets nothing, its waits end, and nobody else waits for it', async () => {
    const name = named('over');
    const gone = await stack.start({ lanes: [[wait(name)]] });
    const stays = await stack.start({ lanes: [[wait(name)]] });
    await isOpen(gone.executionId);
    await isOpen(stays.executionId);
    await gone.handle.terminate('test');
    await send(name, 1);
    expect(dataOf(await stays.handle.result(), '/w')).toEqual([1]);
    await poll(
      () => stack.query('select ended_at from weft.event_waits where execution_id = $1', [gone.executionId]),
      ([row]) => row.ended_at !== null,
    );
    expect(
      await stack.query('select * from weft.event_deliveries where execution_id = $1', [gone.executionId]),
    ).toEqual([]);
  });

  it('one that Temporal refuses to tell holds up no other', async () => {
    const name = named('refused');
    const { executionId, handle } = await stack.start({ lanes: [[wait(name, { count: 2 })]] });
    await isOpen(executionId);
    await send(name, 1);
    // Temporal knows no workflow without an id.
    const none = '';
    await stack.query(
      `insert into weft.event_deliveries (tenant_id, event_id, execution_id, path, event_created_at)
      select tenant_id, id, $1, '/w', created_at from weft.events where name = $2`,
      [none, name],
    );
    await send(name, 2);
    expect(dataOf(await handle.result(), '/w')).toEqual([1, 2]);
    const [row] = await stack.query('delete from weft.event_deliveries where execution_id = $1 returning sent_at', [
      none,
    ]);
    expect(row.sent_at).toBeNull();
  });

  it('Temporal away: told when it is back, in order', async () => {
    const name = named('away');
    const { executionId, handle } = await stack.start({ lanes: [[wait(name, { count: 20 })]] });
    await isOpen(executionId);
    await stack.temporalProxy.away();
    for (let n = 0; n < 20; n++) await send(name, n);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    await stack.temporalProxy.back();
    expect(dataOf(await handle.result(), '/w')).toEqual(Array.from({ length: 20 }, (_, n) => n));
  });

  it('PostgreSQL away for the worker: it waits for it', async () => {
    const name = named('postgres');
    await stack.postgresProxy.away();
    const { handle } = await stack.start({ lanes: [[wait(name), wait(name, { path: '/next' })]] });
    await send(name, 1);
    await new Promise((resolve) => setTimeout(resolve, 500));
    await stack.postgresProxy.back();
    await send(name, 2);
    const took = await handle.result();
    expect([dataOf(took, '/w'), dataOf(took, '/next')]).toEqual([[1], [2]]);
  });

  it('without a worker an execution is told no more than its history holds, and all of it in the end', async () => {
    const quiet = await createEventStack();
    try {
      const stopWork = await quiet.work();
      quiet.deliver();
      const name = named('quiet');
      const { executionId, handle } = await quiet.start({ lanes: [[wait(name, { count: 200 })]], renewEvery: 10 });
      await poll(
        () => quiet.query('select 1 from weft.event_waits where execution_id = $1', [executionId]),
        (rows) => rows.length > 0,
      );
      await stopWork();
      await quiet.query(
        `insert into weft.events (tenant_id, name, data, created_at)
         select 'default', $1, jsonb_build_object('n', n, 'more', repeat('x', 100000)), clock_timestamp() from generate_series(1, 200) n`,
        [name],
      );
      const size = async () => (await handle.describe()).historySize ?? 0;
      await poll(size, (bytes) => bytes > 7_000_000);
      await new Promise((resolve) => setTimeout(resolve, 2_000));
      expect(await size()).toBeLessThan(9_000_000);
      await quiet.work();
      const took = await handle.result();
      expect(dataOf(took, '/w')).toEqual(Array.from({ length: 200 }, (_, n) => n + 1));
    } finally {
      await quiet.close();
    }
  });
});
