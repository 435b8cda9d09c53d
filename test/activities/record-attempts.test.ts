import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AttemptWorker } from './attempt-worker.ts';
import { startAttemptWorker } from './attempt-worker.ts';

describe('attempts', { timeout: 30_000 }, () => {
  let worker: AttemptWorker;
  beforeAll(async () => {
    worker = await startAttemptWorker();
  });
  afterAll(() => worker.stop());

  it.each([{ local: false }, { local: true }])('a success: %j', async ({ local }) => {
    const { executionId, answer } = await worker.call('greet', { name: 'Ada' }, { local });
    expect(answer).toEqual({ result: 'Hello, Ada!' });
    const { tasks, attempts, events } = await worker.mirrorOf(executionId);
    expect(tasks).toHaveLength(1);
    expect(tasks[0]).toMatchObject({
      path: '/a',
      executor: 'greet',
      status: 'success',
      attempt: 1,
      retry_count: 0,
      max_retries: 2,
      input: { name: 'Ada' },
      result: 'Hello, Ada!',
      local,
      confirmed: false,
      field_orders: null,
    });
    expect(attempts).toHaveLength(1);
    expect(attempts[0]).toMatchObject({ status: 'success', attempt: 1, worker: 'worker-1', local, error_code: null });
    expect(events).toEqual(['task_started']);
  });

  it.each([{ local: false }, { local: true }])('retries, each attempt a row: %j', async ({ local }) => {
    const { executionId, answer } = await worker.call('flaky', { failures: 2, value: [1] }, { local });
    expect(answer).toEqual({ result: [1] });
    const { tasks, attempts, events, logs } = await worker.mirrorOf(executionId);
    expect(tasks[0]).toMatchObject({ status: 'success', attempt: 3, retry_count: 2, result: [1], error_code: null });
    expect(
      attempts.map(({ attempt, status, error_code, retryable }) => [attempt, status, error_code, retryable]),
    ).toEqual([
      [1, 'failed', 'FLAKY', true],
      [2, 'failed', 'FLAKY', true],
      [3, 'success', null, null],
    ]);
    for (const failed of attempts.slice(0, 2)) {
      const pause = failed.next_retry_at.getTime() - failed.end_time.getTime();
      expect(pause).toBe(50);
    }
    expect(events).toEqual(['task_started', 'task_retry', 'task_retry']);
    expect(logs.map(({ message, attempt }) => [message, attempt])).toEqual([
      ['attempt 1 of 3', 1],
      ['attempt 2 of 3', 2],
      ['attempt 3 of 3', 3],
    ]);
  });

  it.each([
    ['the last attempt', 'throws', { code: 'NO_MONEY' }, { type: 'NO_MONEY', details: [{ attempt: 2 }] }, 2],
    [
      'not retryable',
      'throws',
      { code: 'NO_MONEY', retryable: false },
      { type: 'NO_MONEY', details: [{ attempt: 1 }] },
      1,
    ],
    ['any error', 'throws', {}, { type: 'EXECUTOR_FAILED', message: 'as asked' }, 2],
    ["one of Node's", 'throws', { code: 'ENOENT' }, { type: 'ENOENT' }, 2],
    [
      'input that breaks the schema',
      'greet',
      { name: 1 },
      { type: 'INPUT_INVALID', message: expect.stringContaining('with.name: ') },
      1,
    ],
    ['a result that is too large', 'puts-out', { bytes: 8_000_001 }, { type: 'PAYLOAD_TOO_LARGE' }, 1],
    ['a result that is no JSON', 'puts-out', { bytes: -1 }, { type: 'RESULT_INVALID' }, 1],
  ])('fails: %s', async (_what, name, input, expected, count) => {
    const { executionId, answer } = await worker.call(name, input, { maxAttempts: 2 });
    expect(answer).toMatchObject(expected);
    const { tasks, attempts } = await worker.mirrorOf(executionId);
    expect(tasks[0]).toMatchObject({
      status: 'failed',
      error_code: expected.type,
      attempt: count,
      result: null,
      input,
    });
    expect(attempts.map(({ status }) => status)).toEqual(Array.from({ length: count }, () => 'failed'));
    expect(attempts.at(-1)).toMatchObject({ error_code: expected.type, retryable: false, next_retry_at: null });
  });

  it('a result just below the limit passes', async () => {
    const { answer } = await worker.call('puts-out', { bytes: 1_999_990 });
    expect(answer).toMatchObject({ result: expect.any(String) });
  });

  it('long messages are cut, between characters', async () => {
    const { answer } = await worker.call('throws', { large: true }, { maxAttempts: 1 });
    const { message } = answer as { message: string };
    expect(Buffer.byteLength(message)).toBeLessThanOrEqual(4_096);
    expect(message).toMatch(/^é+…$/);
  });

  it.each([{ local: false }, { local: true }])(
    'what the error asks for is waited, up to the longest interval: %j',
    async ({ local }) => {
      const { executionId } = await worker.call(
        'throws',
        { code: 'BUSY', retryAfter: 60_000 },
        { maxAttempts: 2, local },
      );
      const { attempts } = await worker.mirrorOf(executionId);
      const [first, second] = attempts;
      expect(first!.next_retry_at.getTime() - first!.end_time.getTime()).toBe(300);
      const pause = second!.start_time.getTime() - first!.end_time.getTime();
      expect(pause).toBeGreaterThanOrEqual(250);
      expect(pause).toBeLessThan(3_000);
    },
  );

  it('an attempt is aborted when its time is up, and says so', async () => {
    const options = { startToCloseTimeout: 300 };
    const { executionId, answer } = await worker.call('waits', null, { options, maxAttempts: 1 });
    expect(answer).toMatchObject({ type: 'TIMEOUT' });
    const { tasks, attempts } = await worker.mirrorOf(executionId);
    expect(tasks[0]).toMatchObject({ status: 'timeout', error_code: 'TIMEOUT' });
    expect(attempts[0]).toMatchObject({ status: 'timeout', error_code: 'TIMEOUT' });
  });

  it('an executor that does not listen ends as a zombie: what its row says is provisional', async () => {
    const { executionId, answer } = await worker.call('ignores-time', null, {
      options: { startToCloseTimeout: 300 },
      maxAttempts: 1,
    });
    expect(answer).toMatchObject({ type: 'TIMEOUT' });
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect((await worker.mirrorOf(executionId)).tasks[0]).toMatchObject({ status: 'success', confirmed: false });
  });

  it('a cancellation reaches the executor', async () => {
    const options = { heartbeatTimeout: '1s' } as const;
    const { executionId, answer } = await worker.call('waits', null, { cancelAfter: 300, options });
    expect(answer).toMatchObject({ type: 'CANCELLED' });
    const { tasks, attempts } = await worker.mirrorOf(executionId);
    expect(tasks[0]).toMatchObject({ status: 'cancelled', error_code: 'CANCELLED' });
    expect(attempts[0]).toMatchObject({ status: 'cancelled' });
  });

  it('heartbeats are kept up and their details reach the next attempt', async () => {
    const { answer } = await worker.call('beats', null, { options: { heartbeatTimeout: 400 } });
    expect(answer).toEqual({ result: { done: 7 } });
  });

  it('the idempotency key is the one the interpreter gave; a call by anybody else passes, unseen by the mirror', async () => {
    const ours = await worker.call('tells-key', null);
    expect(ours.answer).toEqual({ result: `${ours.executionId}/a` });
    const theirs = await worker.call('tells-key', null, { withHeader: false, options: { activityId: 'mine' } });
    expect(theirs.answer).toEqual({ result: `${theirs.executionId}/mine` });
    expect((await worker.mirrorOf(theirs.executionId)).tasks).toEqual([]);
  });

  it('with PostgreSQL away nothing fails and nothing runs twice', async () => {
    await worker.postgres.away();
    const { executionId, answer } = await worker.call('greet', { name: 'Bob' }, { maxAttempts: 1 });
    expect(answer).toEqual({ result: 'Hello, Bob!' });
    await worker.postgres.back();
    const { attempts } = await worker.mirrorOf(executionId);
    expect(attempts.map(({ status }) => status)).toEqual(['success']);
  });
});
