import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { approvalId } from '../../src/ids.ts';
import type { Ledger } from '../stack/ledger.ts';
import { startLedger } from '../stack/ledger.ts';
import type { TestWeft } from '../stack/weft.ts';
import { startWeft } from '../stack/weft.ts';

const CALLS = `
name: calls
input: { type: object, required: [url, items] }
tasks:
  - id: each
    type: foreach
    items: "{% $input.items %}"
    maxConcurrency: 10
    tasks:
      - id: pay
        type: executor
        executor: http
        with: { method: POST, url: "{% $input.url %}", body: { item: "{% $item %}" } }
        timeout: 3s
        retry: { maxAttempts: 10, initialInterval: 200ms, maximumInterval: 1s }
        output: "{% $result.body.id %}"
`;

const SLOW = `
name: slow-steps
tasks:
  - { id: a, type: executor, executor: http, with: { method: POST, url: "{% $input.url %}" } }
  - { id: nap, type: wait, for: 4s }
  - { id: b, type: executor, executor: http, with: { method: POST, url: "{% $input.url %}" } }
  - { id: nap2, type: wait, for: 4s }
  - { id: c, type: executor, executor: http, with: { method: POST, url: "{% $input.url %}" } }
output: done
`;

/** What waits has nothing else in Temporal that it waits for: no timer, no activity. */
const ASKS = `
name: asks
tasks:
  - { id: first, type: approval, title: First, assignees: [manager] }
  - { id: a, type: executor, executor: transform, local: false, with: { value: 1 } }
  - { id: second, type: approval, title: Second, assignees: [manager] }
`;

/** Nothing follows from the first two timers but what the mirror is told. */
const LATE = `
name: late
tasks:
  - id: all
    type: parallel
    branches:
      nap: [{ id: nap, type: wait, for: 1s }]
      late: [{ id: late, type: approval, title: Late, assignees: [manager], deadline: 2s, onTimeout: reject, onReject: continue }]
      open: [{ id: open, type: approval, title: Open, assignees: [manager] }]
`;

const seconds = (n: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, n * 1_000));

describe('faults', { timeout: 180_000 }, () => {
  let weft: TestWeft;
  let ledger: Ledger;
  let database: Client;

  beforeAll(async () => {
    weft = await startWeft();
    ledger = await startLedger(150);
    database = new Client({ connectionString: weft.superuserUrl });
    await database.connect();
    await weft.save(CALLS, 'calls');
    await weft.save(SLOW, 'slow-steps');
    await weft.save(ASKS, 'asks');
    await weft.save(LATE, 'late');
  });
  afterAll(async () => {
    await database.end();
    await ledger.close();
    await weft.stop();
  });

  async function tasksOf(id: string): Promise<{ path: string; status: string }[]> {
    const { rows } = await database.query<{ path: string; status: string }>(
      'select path, status from weft.task_executions where execution_id = $1 order by path',
      [id],
    );
    return rows;
  }

  async function ended(id: string, ms: number): Promise<any> {
    return await weft.until(
      `${id} has ended and is confirmed`,
      async () => {
        const { body } = await weft.developer('GET', `/executions/${id}`);
        return body.confirmed === true && body;
      },
      ms,
    );
  }

  it('a worker killed in the middle of a foreach of calls: it ends right, every row is right, keys are unchanged', async () => {
    const items = Array.from({ length: 40 }, (_, index) => index);
    const { body } = await weft.developer('POST', '/executions', {
      workflow: 'calls',
      input: { url: ledger.url, items },
    });
    const mine = (): number => [...ledger.calls.keys()].filter((key) => key.startsWith(body.id)).length;
    await weft.until('a third is done', () => Promise.resolve(mine() > 12));
    await weft.worker.kill('SIGKILL');
    await weft.worker.start();
    const execution = await ended(body.id, 60_000);
    expect(execution).toMatchObject({ status: 'success' });
    expect(execution.output).toEqual(items.map((index) => `receipt-${body.id}/each[${index}]/pay`));
    expect(mine()).toBe(items.length);
    const tasks = await tasksOf(body.id);
    expect(tasks).toHaveLength(items.length + 1);
    expect(tasks.filter((task) => task.status !== 'success')).toEqual([]);
  });

  it('a worker killed while approvals without a deadline wait: another one takes the decisions', async () => {
    const { body } = await weft.developer('POST', '/executions', { workflow: 'asks', input: {} });
    for (const task of ['first', 'second']) {
      const approval = approvalId(body.id, `/${task}`, 1);
      await weft.until(`${task} is open`, async () => {
        const { rows } = await database.query('select from weft.approvals where id = $1 and authority = 1', [approval]);
        return rows.length === 1;
      });
      // The mirror is told before Temporal.
      await seconds(1);
      await weft.worker.kill('SIGKILL');
      await weft.worker.start();
      const decision = await weft.manager('POST', `/approvals/${approval}/decision`, { decision: 'approve' });
      expect(decision).toMatchObject({ status: 200 });
    }
    expect(await ended(body.id, 60_000)).toMatchObject({ status: 'success' });
    // A workflow task that is done again opens it once more, at another time.
    const { rows } = await database.query(
      `select from weft.execution_history where execution_id = $1 and event_type = 'task_approval_opened'`,
      [body.id],
    );
    expect(rows).toHaveLength(2);
  });

  it('a worker killed after a deadline has passed: another one takes no vote that comes too late', async () => {
    const { body } = await weft.developer('POST', '/executions', { workflow: 'late', input: {} });
    const late = approvalId(body.id, '/all/late/late', 1);
    await weft.until('the deadline has passed', async () => {
      const { rows } = await database.query(`select from weft.approvals where id = $1 and status = 'rejected'`, [late]);
      return rows.length === 1;
    });
    // The mirror is told before Temporal.
    await seconds(1);
    await weft.worker.kill('SIGKILL');
    await weft.worker.start();
    const approve = (id: string) => weft.manager('POST', `/approvals/${id}/decision`, { decision: 'approve' });
    expect(await approve(encodeURIComponent(late))).toMatchObject({ status: 409, body: { code: 'ALREADY_DECIDED' } });
    const open = encodeURIComponent(approvalId(body.id, '/all/open/open', 1));
    expect(await approve(open)).toMatchObject({ status: 200 });
    expect(await ended(body.id, 60_000)).toMatchObject({ status: 'success' });
  });

  it('PostgreSQL away for 20 s: work goes on, no task runs twice because of it, starts get 503 and leave nothing', async () => {
    const { body } = await weft.developer('POST', '/executions', {
      workflow: 'slow-steps',
      input: { url: ledger.url },
    });
    await weft.until('the first call came', () => Promise.resolve(ledger.calls.has(`${body.id}/a`)));
    await weft.postgres.away();
    await seconds(1);
    const refused = await weft.developer('POST', '/executions', {
      workflow: 'slow-steps',
      id: 'refused-while-away',
      input: { url: ledger.url },
    });
    expect(refused).toMatchObject({ status: 503, body: { code: 'DATABASE_UNAVAILABLE' } });
    await seconds(19);
    await weft.postgres.back();
    const execution = await ended(body.id, 30_000);
    expect(execution).toMatchObject({ status: 'success', output: 'done' });
    expect(['a', 'b', 'c'].map((task) => ledger.calls.get(`${body.id}/${task}`))).toEqual([1, 1, 1]);
    expect(await tasksOf(body.id)).toEqual(
      ['/a', '/b', '/c', '/nap', '/nap2'].map((path) => ({ path, status: 'success' })),
    );
    expect((await weft.developer('GET', '/executions/refused-while-away')).status).toBe(404);
  });

  it('Temporal away for 20 s: starts are accepted and run later, once', async () => {
    await weft.temporal.away();
    const ids = await Promise.all(
      Array.from({ length: 10 }, async (_, index) => {
        const { status, body } = await weft.developer('POST', '/executions', {
          workflow: 'calls',
          id: `while-away-${index}-${randomUUID()}`,
          input: { url: ledger.url, items: [1] },
        });
        expect(status).toBe(202);
        expect(body.status).toBe('pending');
        return body.id as string;
      }),
    );
    await seconds(20);
    await weft.temporal.back();
    for (const id of ids) {
      expect(await ended(id, 30_000)).toMatchObject({ status: 'success' });
      expect(ledger.calls.get(`${id}/each[0]/pay`)).toBe(1);
    }
  });
});
