import { Client } from 'pg';
import { z } from 'zod';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defineExecutor } from '../../activities/define-executor.ts';
import { ask } from '../migrations/catalog.ts';
import type { Stack } from '../reconcile/stack.ts';
import { createStack, poll } from '../reconcile/stack.ts';

/** Why each attempt of `waits` was ended, by the execution's key. */
const aborted: { readonly key: string; readonly attempt: number; readonly after: number }[] = [];
const waits = defineExecutor({
  name: 'waits',
  description: '',
  input: z.unknown(),
  run: ({ signal, idempotencyKey: key, attempt }) => {
    const began = Date.now();
    return new Promise((_, reject) =>
      signal.addEventListener('abort', () => {
        aborted.push({ key, attempt, after: Date.now() - began });
        reject(new Error('aborted'));
      }),
    );
  },
});
/** Its worker's process stands still for it, as far as Temporal can tell. */
const blocks = defineExecutor({
  name: 'blocks',
  description: '',
  input: z.unknown(),
  run: () => {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 3_000);
    return Promise.resolve('late');
  },
});

let stack: Stack;
beforeAll(async () => {
  stack = await createStack([waits, blocks]);
  await stack.work();
});
afterAll(() => stack.close());

async function run(name: string, tasks: string) {
  await stack.save(name, `tasks:\n${tasks}`);
  const id = await stack.start(name);
  const execution = await stack.until(id, ({ endedAt, authority }) => endedAt !== null && authority > 0);
  const text = `select path, status, error_code, attempt, retry_count from weft.task_executions where execution_id = $1 order by path`;
  return { id, execution, tasks: await ask<{ [column: string]: unknown }>(stack.superuserUrl, text, [id]) };
}
const abortedOf = (id: string, path: string) => aborted.filter(({ key }) => key === `${id}${path}`);

describe('the limits of attempts, as definitions give them', () => {
  it('timeout is that of one attempt', async () => {
    const retry = 'retry: { maxAttempts: 2, initialInterval: 50ms }';
    const { id, execution, tasks } = await run(
      'attempt',
      `  - { id: a, type: executor, executor: waits, timeout: 400ms, ${retry} }\n`,
    );
    expect(execution).toMatchObject({ status: 'failed', errorCode: 'TIMEOUT', errorTask: '/a' });
    expect(tasks).toMatchObject([{ path: '/a', status: 'timeout', error_code: 'TIMEOUT', attempt: 2, retry_count: 1 }]);
    expect(abortedOf(id, '/a').map(({ attempt }) => attempt)).toEqual([1, 2]);
  });

  it('totalTimeout is that of all of them, and reaches the executor by its heartbeat', async () => {
    const { id, execution, tasks } = await run(
      'total',
      `  - id: group
    type: sequential
    totalTimeout: 800ms
    tasks: [{ id: a, type: executor, executor: waits, timeout: 1m, heartbeatTimeout: 1s }]
`,
    );
    expect(execution).toMatchObject({ status: 'failed', errorCode: 'TIMEOUT', errorTask: '/group' });
    expect(tasks).toMatchObject([
      { path: '/group', status: 'timeout', error_code: 'TIMEOUT' },
      { path: '/group/a', status: 'cancelled', error_code: 'CANCELLED' },
    ]);
    expect(abortedOf(id, '/group/a')).toMatchObject([{ attempt: 1 }]);
    expect(abortedOf(id, '/group/a')[0]?.after).toBeLessThan(10_000);
  });

  it('a failed sibling cancels it too', async () => {
    const { id, tasks } = await run(
      'sibling',
      `  - { id: a, type: executor, executor: waits, timeout: 1m, heartbeatTimeout: 1s }
  - id: b
    type: sequential
    dependencies: []
    tasks:
      - { id: nap, type: wait, for: 500ms }
      - { id: no, type: fail, code: NO, detail: No }
`,
    );
    expect(tasks.find(({ path }) => path === '/a')).toMatchObject({ status: 'cancelled', error_code: 'CANCELLED' });
    expect(abortedOf(id, '/a')).toHaveLength(1);
  });

  it('heartbeatTimeout is how long a worker may be silent; what it says later does not count', async () => {
    const { execution, tasks } = await run(
      'heartbeat',
      `  - { id: a, type: executor, executor: blocks, timeout: 1m, heartbeatTimeout: 1s, retry: { maxAttempts: 1 } }\n`,
    );
    expect(execution).toMatchObject({ status: 'failed', errorCode: 'TIMEOUT', errorTask: '/a' });
    expect(execution.errorDetail).toMatch(/alive/);
    expect(tasks).toMatchObject([{ path: '/a', status: 'timeout', error_code: 'TIMEOUT' }]);
  });
});

describe('the barrier of a workflow task', () => {
  const LOCAL = `
tasks:
  - { id: each, type: foreach, items: "{% [1..20] %}", tasks: [{ id: a, type: executor, executor: transform, with: { value: 1 } }] }
  - { id: nap, type: wait, for: 2s }
`;
  /** From the start of the first workflow task to its end, once it has ended, ms. */
  const firstTask = async (id: string) => {
    const { events } = await poll(
      () => stack.outside.getHandle(id).fetchHistory(),
      (history) => (history.events ?? []).some((event) => event.workflowTaskCompletedEventAttributes),
    );
    const at = (kind: 'workflowTaskStartedEventAttributes' | 'workflowTaskCompletedEventAttributes') => {
      const { seconds, nanos } = events?.find((event) => event[kind])?.eventTime ?? {};
      return Number(seconds) * 1_000 + Number(nanos) / 1e6;
    };
    return at('workflowTaskCompletedEventAttributes') - at('workflowTaskStartedEventAttributes');
  };
  const rows = async (id: string) =>
    (
      await ask(
        stack.superuserUrl,
        `select from weft.task_executions where execution_id = $1 and task_id = 'a' and status = 'success'`,
        [id],
      )
    ).length;

  beforeAll(() => stack.save('local', LOCAL));

  it('what its local tasks recorded is there before Temporal hears of them', async () => {
    const id = await stack.start('local');
    await firstTask(id);
    expect(await rows(id)).toBe(20);
  });

  it('is bounded', async () => {
    const blocker = new Client({ connectionString: stack.superuserUrl });
    await blocker.connect();
    await blocker.query('begin; lock table weft.task_executions in exclusive mode');
    const slow = await stack.start('local');
    const took = await firstTask(slow);
    expect(await rows(slow)).toBe(0);
    expect(took).toBeGreaterThanOrEqual(180);
    expect(took).toBeLessThan(5_000);
    await blocker.query('rollback');
    await blocker.end();
    await stack.until(slow, ({ status }) => status === 'success');
    expect(await rows(slow)).toBe(20);
  });
});
