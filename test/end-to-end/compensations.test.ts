/** What was done is taken back, whatever happens meanwhile: each effect once, the latest first. */
import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Ledger } from '../stack/ledger.ts';
import { startLedger } from '../stack/ledger.ts';
import type { MirrorRows } from '../stack/mirror-rows.ts';
import { readMirrorRows } from '../stack/mirror-rows.ts';
import type { TestWeft } from '../stack/weft.ts';
import { startWeft } from '../stack/weft.ts';

const booking = (id: string): string => `
  - id: ${id}
    type: executor
    executor: transform
    with: { value: "${id}" }
    compensate:
      executor: http
      with: { method: POST, url: "{% $input.url %}", body: { takeBack: "{% $result %}" } }
      timeout: 3s
      retry: { maxAttempts: 20, initialInterval: 200ms, maximumInterval: 1s }`;
const BOOKINGS = ['a', 'b', 'c', 'd'].map(booking).join('');
const FAILS = `tasks:${BOOKINGS}
  - { id: no, type: fail, code: SOLD_OUT, detail: Nothing left }
`;
const WAITS = `tasks:${BOOKINGS}
  - id: guarded
    type: try
    tasks: [{ id: nap, type: wait, for: 1h }]
    finally: [{ id: tidy, type: executor, executor: http, with: { method: POST, url: "{% $input.url %}" } }]
`;

describe('compensations', { timeout: 120_000 }, () => {
  let weft: TestWeft;
  let ledger: Ledger;
  let mirror: MirrorRows;
  let temporal: Client;

  beforeAll(async () => {
    const { address, namespace } = inject('weft').temporal;
    temporal = new Client({ connection: await Connection.connect({ address }), namespace });
    weft = await startWeft();
    ledger = await startLedger(800);
    mirror = readMirrorRows(weft.superuserUrl);
    await weft.save(FAILS, 'fails');
    await weft.save(WAITS, 'waits');
  });
  afterAll(async () => {
    await temporal.connection.close();
    await mirror.close();
    await ledger.close();
    await weft.stop();
  });

  async function start(workflow: string): Promise<string> {
    const id = `${workflow}-${randomUUID().slice(0, 8)}`;
    const { status } = await weft.developer('POST', '/executions', { workflow, id, input: { url: ledger.url } });
    expect(status).toBe(202);
    return id;
  }
  async function ended(id: string): Promise<any> {
    return await weft.until(
      `${id} has ended and is confirmed`,
      async () => {
        const { body } = await weft.developer('GET', `/executions/${id}`);
        return body.confirmed === true && body;
      },
      60_000,
    );
  }
  /** Keys that came to the provider, in the order in which they came first. */
  const keysOf = (id: string): string[] =>
    [...ledger.calls.keys()].filter((key) => key.startsWith(`${id}/`)).map((key) => key.slice(id.length));
  const back = ['d', 'c', 'b', 'a'].map((task) => `/${task}~compensate`);
  const done = Object.fromEntries(['a', 'b', 'c', 'd'].map((task) => [`/${task}`, 'success']));
  const takenBack = Object.fromEntries(back.map((path) => [path, 'success']));
  const waiting = (id: string): Promise<boolean> =>
    weft.until('it waits', async () => (await mirror.tasks(id))['/guarded/nap'] === 'waiting');

  it('a worker killed in the middle of them: each under its own key, the latest first, the rows are right', async () => {
    const id = await start('fails');
    await weft.until('the second one is at the provider', () => Promise.resolve(keysOf(id).length === 2));
    await weft.worker.kill('SIGKILL');
    await weft.worker.start();
    expect(await ended(id)).toMatchObject({ status: 'failed', error: { code: 'SOLD_OUT', task: '/no' } });
    expect(keysOf(id)).toEqual(back);
    const calls = back.map((path) => ledger.calls.get(`${id}${path}`) ?? 0);
    console.log(`calls of the compensations around a kill -9: ${calls.join(' ')}`);
    // Only the one that was under way may have come twice, under its key.
    expect(calls.filter((count) => count > 1).length).toBeLessThanOrEqual(1);
    expect(await mirror.tasks(id)).toEqual({ ...done, '/no': 'failed', ...takenBack });
    expect(await mirror.open(id)).toEqual([]);
  });

  it('an execution that is cancelled: its finally, then what was done is taken back', async () => {
    const id = await start('waits');
    await waiting(id);
    const began = Date.now();
    await weft.developer('POST', `/executions/${id}/cancel`, { reason: 'test' });
    expect(await ended(id)).toMatchObject({ status: 'cancelled', error: { code: 'CANCELLED' } });
    console.log(`cancelled with a finally and four compensations of 800 ms in ${Date.now() - began} ms`);
    expect(keysOf(id)).toEqual(['/guarded/tidy', ...back]);
    expect(await mirror.tasks(id)).toEqual({
      ...{ ...done, '/guarded': 'cancelled', '/guarded/nap': 'cancelled', '/guarded/tidy': 'success' },
      ...takenBack,
    });
  });

  it('PostgreSQL away meanwhile: it is taken back all the same, once, and the rows are right afterwards', async () => {
    const id = await start('waits');
    await waiting(id);
    await weft.postgres.away();
    await temporal.workflow.getHandle(id).cancel();
    await weft.until('all is taken back', () => Promise.resolve(keysOf(id).length === 5), 60_000);
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    await weft.postgres.back();
    expect(await ended(id)).toMatchObject({ status: 'cancelled' });
    expect(keysOf(id)).toEqual(['/guarded/tidy', ...back]);
    expect(back.map((path) => ledger.calls.get(`${id}${path}`))).toEqual([1, 1, 1, 1]);
    expect(await mirror.tasks(id)).toEqual({
      ...{ ...done, '/guarded': 'cancelled', '/guarded/nap': 'cancelled', '/guarded/tidy': 'success' },
      ...takenBack,
    });
    expect(await mirror.open(id)).toEqual([]);
  });
});
