import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ask } from '../migrations/catalog.ts';
import type { Stack } from '../reconcile/stack.ts';
import { createStack } from '../reconcile/stack.ts';
import { installPython, startPythonWorker } from '../stack/python-worker.ts';

const queue = `python-${randomUUID()}`;
let stack: Stack;
let python: Awaited<ReturnType<typeof startPythonWorker>> | undefined;
let missing = '';

beforeAll(async () => {
  const installed = await installPython();
  if ('missing' in installed) {
    missing = installed.missing;
    return;
  }
  stack = await createStack();
  await stack.work();
  python = await startPythonWorker(installed.packages, queue);
});
afterAll(async () => {
  await python?.stop();
  if (missing === '') await stack.close();
});
beforeEach(({ skip }) => skip(missing !== '', missing));

/** Runs one task on the Python worker's queue. */
async function begin(executor: string, fields: string, input: object): Promise<string> {
  const name = `python-${randomUUID().slice(0, 8)}`;
  const task = `{ id: a, type: executor, executor: ${executor}, taskQueue: ${queue}, with: "{% $input %}", ${fields} }`;
  await stack.save(name, `tasks:\n  - ${task}\n`);
  return await stack.start(name, { input: { ...input } });
}
async function run(executor: string, fields: string, input: object) {
  const id = await begin(executor, fields, input);
  const execution = await stack.until(id, ({ endedAt, authority }) => endedAt !== null && authority > 0);
  return { id, execution, task: await taskOf(id) };
}
async function taskOf(id: string) {
  const text = 'select * from weft.task_executions where execution_id = $1';
  return (await ask<{ [column: string]: any }>(stack.superuserUrl, text, [id]))[0];
}

const FAST = 'retry: { maxAttempts: 3, initialInterval: 50ms }';

describe('an executor in Python', () => {
  it('gets its input and the key of its effect, and gives its result', async () => {
    const { id, execution, task } = await run('count-words', '', { text: 'what a day' });
    expect(execution).toMatchObject({ status: 'success', output: { words: 3, key: `${id}/a` } });
    expect(task).toMatchObject({
      status: 'success',
      executor: 'count-words',
      input: { text: 'what a day' },
      result: { words: 3 },
      local: false,
    });
    expect(task?.['end_time'].getTime()).toBeGreaterThanOrEqual(task?.['start_time'].getTime());
  });

  it('is tried again', async () => {
    const { execution, task } = await run('print-copies', FAST, { copies: 4, paper: 2 });
    expect(execution).toMatchObject({ status: 'success', output: { printed: 4, attempt: 2 } });
    expect(task).toMatchObject({ status: 'success', max_retries: 2 });
  });

  it.each([
    [
      'after all attempts',
      { copies: 40, paper: 2 },
      { code: 'OUT_OF_PAPER', attempt: 3, detail: 'No paper after 6 copies' },
    ],
    ['at once', { copies: -1 }, { code: 'COPIES_INVALID', attempt: 1, detail: 'Fewer than no copies' }],
  ])('fails with its code: %s', async (_, input, { code, attempt, detail }) => {
    const { execution, task } = await run('print-copies', FAST, input);
    expect(execution).toMatchObject({ status: 'failed', errorCode: code, errorDetail: detail, errorTask: '/a' });
    expect(task).toMatchObject({ status: 'failed', error_code: code, attempt, retry_count: attempt - 1 });
  });

  it.each([
    ['an error of its language', 'count-words', { text: 7 }, 'EXECUTOR_FAILED'],
    ['nobody serves it', 'print-books', {}, 'EXECUTOR_UNKNOWN'],
  ])('%s has a code too', async (_, executor, input, code) => {
    const { execution } = await run(executor, 'retry: { maxAttempts: 1 }', input);
    expect(execution).toMatchObject({ status: 'failed', errorCode: code });
  });

  it('is cancelled where it waits', async () => {
    const id = await begin('print-copies', 'heartbeatTimeout: 1s, timeout: 1m', { copies: 2_000, paper: 5_000 });
    await stack.until(id, ({ currentTasks }) => currentTasks.length > 0);
    const before = Date.now();
    await stack.temporal.cancel(id, 'enough');
    await stack.until(id, ({ status }) => status === 'cancelled');
    // Temporal waits until the worker has let go.
    expect(Date.now() - before).toBeLessThan(8_000);
    expect(await taskOf(id)).toMatchObject({ status: 'cancelled', error_code: 'CANCELLED' });
  });

  it('of 300 kB gets it in the message; more than 1 MB is refused', async () => {
    const { execution } = await run('count-words', '', { text: 'word '.repeat(60_000) });
    expect(execution).toMatchObject({ status: 'success', output: { words: 60_000 } });
    const large = await run('count-words', '', { text: 'word '.repeat(250_000) });
    expect(large.execution).toMatchObject({ status: 'failed', errorCode: 'PAYLOAD_TOO_LARGE' });
  });

  it('whose worker dies is noticed by its heartbeat', async () => {
    const fields = 'heartbeatTimeout: 1s, retry: { maxAttempts: 1 }';
    const id = await begin('print-copies', fields, { copies: 2_000, paper: 5_000 });
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    python?.kill();
    python = undefined;
    const execution = await stack.until(id, ({ endedAt, authority }) => endedAt !== null && authority > 0);
    expect(execution).toMatchObject({ status: 'failed', errorCode: 'TIMEOUT', errorTask: '/a' });
    expect(execution.errorDetail).toMatch(/alive/);
    expect(await taskOf(id)).toMatchObject({ status: 'timeout', error_code: 'TIMEOUT' });
  });
});
