/** Local tasks that begin at the same moment share local activities: what comes of each is as if it had its own. */
import { z } from 'zod';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defineExecutor, ExecutorError } from '../../activities/define-executor.ts';
import { workflowIdOf } from '../../src/ids.ts';
import { LOCAL_GROUP } from '../../src/messages.ts';
import { decode } from '../../src/temporal/proto-values.ts';
import { ask } from '../migrations/catalog.ts';
import type { Stack } from '../reconcile/stack.ts';
import { createStack } from '../reconcile/stack.ts';

/** Each call of `works`, by the execution's key and its attempt. */
const called: string[] = [];
const cancelled: string[] = [];
const works = defineExecutor({
  name: 'works',
  description: 'Does what it is told',
  input: z.strictObject({ number: z.int(), how: z.string() }),
  local: true,
  defaults: { retry: { maxAttempts: 3, initialInterval: '50ms' } },
  run: async ({ input: { number, how }, attempt, signal, idempotencyKey: key }) => {
    called.push(`${key} ${attempt}`);
    const is = (what: string): boolean => how.split(' ').includes(`${what}${number}`);
    if (is('flaky') && attempt < 3) throw new ExecutorError('NOT_YET', 'not yet');
    if (is('fails')) throw new ExecutorError('BAD', 'bad', { retryable: false });
    if (is('slow')) await new Promise((resolve) => setTimeout(resolve, 200));
    if (is('blocks')) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
    if (is('large')) return 'x'.repeat(150_000);
    if (how.includes('fails')) {
      await new Promise((_, reject) =>
        signal.addEventListener('abort', () => {
          cancelled.push(key);
          reject(new Error('aborted'));
        }),
      );
    }
    return number;
  },
});

const definition = (count: number, how: string): string => `
tasks:
  - id: each
    type: foreach
    items: "{% [0..${count - 1}] %}"
    maxConcurrency: ${count}
    tasks: [{ id: one, type: executor, executor: works, with: { number: "{% $item %}", how: ${how} } }]
output: "{% $map($tasks.each.output, function($one) { $string($one) = '' ? 0 : $length($string($one)) > 9 ? -1 : $one }) %}"
`;

describe('groups of local tasks', { timeout: 60_000 }, () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await createStack([works]);
    await stack.work();
  });
  afterAll(() => stack.close());

  async function run(name: string, count: number, how: string) {
    await stack.save(name, definition(count, how));
    const id = await stack.start(name);
    const execution = await stack.until(id, ({ endedAt, authority }) => endedAt !== null && authority > 0);
    const { events } = await stack.outside.getHandle(workflowIdOf('default', id)).fetchHistory();
    const markers = (events ?? []).flatMap(({ markerRecordedEventAttributes: marker }) =>
      marker?.markerName === 'core_local_activity' ? [marker] : [],
    );
    const typeOf = ({ details }: (typeof markers)[number]): string =>
      (decode(details?.['data']?.payloads?.[0]) as { activity_type: string }).activity_type;
    const groups = markers.filter((marker) => typeOf(marker) === LOCAL_GROUP);
    const query = (text: string) => ask<{ [column: string]: unknown }>(stack.superuserUrl, text, [id]);
    return {
      id,
      execution,
      groups: groups.length,
      inGroups: groups.flatMap(({ details }) => Object.keys(decode(details?.['result']?.payloads?.[0]) as object)),
      // On a busy machine also what a group had no time for.
      alone: markers.filter((marker) => typeOf(marker) === 'works').length,
      calls: called.filter((key) => key.startsWith(id)).map((key) => key.slice(id.length)),
      attempts: await query(
        'select path, attempt, status, local, worker from weft.task_attempts where execution_id = $1 order by path, attempt',
      ),
      tasks: await query(
        "select path, status, attempt, local from weft.task_executions where execution_id = $1 and path like '%one' order by path",
      ),
    };
  }

  const isOf = (number: number) => (row: { readonly [column: string]: unknown }) =>
    row['path'] === `/each[${number}]/one`;

  it('leave one marker each, and rows for every attempt', async () => {
    const { execution, groups, inGroups, alone, calls, attempts, tasks } = await run('quick', 110, 'plain');
    expect(execution).toMatchObject({ status: 'success', output: Array.from({ length: 110 }, (_, index) => index) });
    // 50, 50 and 6.
    expect(groups).toBe(3);
    expect(alone).toBeGreaterThanOrEqual(4);
    expect(inGroups.length + alone).toBe(110);
    expect(new Set(inGroups).size).toBe(inGroups.length);
    expect(inGroups.length).toBeGreaterThan(0);
    expect(new Set(calls).size).toBe(110);
    expect(calls).toHaveLength(110);
    expect(attempts).toHaveLength(110);
    expect(attempts.every(({ status, attempt, local }) => status === 'success' && attempt === 1 && local)).toBe(true);
    expect(tasks).toHaveLength(110);
    expect(tasks.every(({ status, local }) => status === 'success' && local)).toBe(true);
  });

  it('begin nothing twice: what failed, is slow or large goes on by itself', async () => {
    const how = '"flaky10 slow20 large30 flaky58"';
    const { execution, groups, inGroups, alone, calls, attempts, tasks } = await run('mixed', 60, how);
    const output = Array.from({ length: 60 }, (_, index) => (index === 30 ? -1 : index));
    expect(execution).toMatchObject({ status: 'success', output });
    expect(groups).toBe(2);
    expect(alone).toBeGreaterThanOrEqual(8);
    expect(inGroups.length + alone).toBe(60);
    expect(inGroups.filter((path) => /\[(10|20|30|58)\]/.test(path))).toEqual([]);
    expect(calls).toHaveLength(64);
    expect(calls.filter((call) => /\[(10|58)\]/.test(call)).sort()).toEqual(
      [10, 58].flatMap((number) => [1, 2, 3].map((attempt) => `/each[${number}]/one ${attempt}`)),
    );
    expect(attempts.filter(isOf(10)).map(({ status }) => status)).toEqual(['failed', 'failed', 'success']);
    expect(attempts.filter(isOf(20))).toMatchObject([{ attempt: 1, status: 'success', local: true }]);
    expect(tasks.filter(isOf(58))).toMatchObject([{ status: 'success', attempt: 3 }]);
    expect(attempts).toHaveLength(64);
  });

  it('leave the rest to calls of their own once a member has held its worker up', async () => {
    const { execution, inGroups, alone, calls } = await run('blocked', 30, 'blocks6');
    expect(execution).toMatchObject({ status: 'success' });
    expect(calls).toHaveLength(30);
    // Four before there is a group, and those behind the one that blocks, which haven't begun.
    expect(alone).toBeGreaterThanOrEqual(4 + 23);
    expect(inGroups.length + alone).toBe(30);
  });

  it('end together where one fails for good, each told so', async () => {
    const { execution, calls, tasks, id } = await run('failing', 30, 'fails15');
    expect(execution).toMatchObject({ status: 'failed', errorCode: 'BAD', errorTask: '/each[15]/one' });
    expect(tasks.filter(({ status }) => status === 'failed')).toMatchObject([{ path: '/each[15]/one', attempt: 1 }]);
    expect(tasks.filter(({ status }) => status === 'cancelled')).toHaveLength(29);
    // All that had begun, which on a busy machine aren't all of them.
    expect(cancelled.filter((key) => key.startsWith(id))).toHaveLength(calls.length - 1);
    expect(calls.length).toBeGreaterThan(4);
  });

  it('are read from the history like others', async () => {
    const reconciler = stack.reconcile();
    const { id } = await run('again', 40, 'flaky12');
    expect(await reconciler.verify('default', id)).toMatchObject({ state: 'ended', agrees: true });
    const text = `update weft.task_executions set result = '-1' where execution_id = $1 and path = '/each[20]/one'`;
    await ask(stack.superuserUrl, text, [id]);
    const found = await reconciler.verify('default', id);
    expect(found?.differences.map(({ path }) => path)).toEqual(['/each[20]/one']);
  });
});
