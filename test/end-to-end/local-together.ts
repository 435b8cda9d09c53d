/** What tests of local tasks that share local activities run, and what they look at. */
import { z } from 'zod';
import { expect, it } from 'vitest';
import { defineExecutor, ExecutorError } from '../../activities/define-executor.ts';
import { workflowIdOf } from '../../src/ids.ts';
import type { LOCAL_GROUP, LOCAL_SERIES } from '../../src/messages.ts';
import { decode } from '../../src/temporal/proto-values.ts';
import { ask } from '../migrations/catalog.ts';
import type { Stack } from '../reconcile/stack.ts';
import { createStack } from '../reconcile/stack.ts';

function block(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

/** Of a large result. */
const LARGE = 150_000;

export type Together = Awaited<ReturnType<typeof createTogether>>;
type Seen = Pick<Awaited<ReturnType<Together['run']>>, 'calls' | 'attempts' | 'execution'>;

/**
 * A stack whose executor `works` does what `how` says of its number: `flaky`, `fails`, `slow`, `blocks`, `stalls`, `odd` or
 * `large`; with `all wait` the others go on until they are cancelled.
 * @param type of the local activity that is shared
 */
export async function createTogether(type: typeof LOCAL_GROUP | typeof LOCAL_SERIES) {
  /** Each call, by the execution's key and its attempt. */
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
      if (is('blocks')) block(50);
      // Longer than what is shared may take.
      if (is('stalls')) block(3_300);
      if (is('odd')) return (): number => number;
      if (is('large')) return 'x'.repeat(LARGE);
      if (how.includes('all wait')) {
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
  const stack: Stack = await createStack([works]);
  await stack.work();

  async function run(name: string, count: number, width: number, how: string) {
    await stack.save(name, definition(count, width, how));
    const id = await stack.start(name);
    const execution = await stack.until(id, ({ endedAt, authority }) => endedAt !== null && authority > 0);
    const { events } = await stack.outside.getHandle(workflowIdOf('default', id)).fetchHistory();
    const markers = (events ?? []).flatMap(({ markerRecordedEventAttributes: marker }) =>
      marker?.markerName === 'core_local_activity' ? [marker] : [],
    );
    const typeOf = ({ details }: (typeof markers)[number]): string =>
      (decode(details?.['data']?.payloads?.[0]) as { activity_type: string }).activity_type;
    const shared = markers.filter((marker) => typeOf(marker) === type);
    const query = (text: string) => ask<{ [column: string]: unknown }>(stack.superuserUrl, text, [id]);
    return {
      id,
      execution,
      // None of one that took too long.
      answers: shared.map(
        ({ details }) => (decode(details?.['result']?.payloads?.[0]) ?? {}) as { [path: string]: unknown },
      ),
      // On a busy machine also what there was no time for.
      alone: markers.filter((marker) => typeOf(marker) === 'works').length,
      calls: called.filter((key) => key.startsWith(id)).map((key) => key.slice(id.length)),
      cancelled: cancelled.filter((key) => key.startsWith(id)).map((key) => key.slice(id.length)),
      attempts: await query(
        `select path, attempt, status, local, worker, start_time, end_time from weft.task_attempts
        where execution_id = $1 order by path, attempt`,
      ),
      tasks: await query(
        `select path, status, attempt, local, start_time, end_time from weft.task_executions
        where execution_id = $1 and path like '%one' order by item_index`,
      ),
    };
  }

  return { stack, run };
}

const definition = (count: number, width: number, how: string): string => `
tasks:
  - id: each
    type: foreach
    items: "{% [0..${count - 1}] %}"
    maxConcurrency: ${width}
    tasks: [{ id: one, type: executor, executor: works, with: { number: "{% $item %}", how: ${how} } }]
output: "{% $map($tasks.each.output, function($one) { $string($one) = '' ? 0 : $length($string($one)) > 9 ? -1 : $one }) %}"
`;

/** Rows of the task with this number. */
export const isOf =
  (number: number) =>
  (row: { readonly [column: string]: unknown }): boolean =>
    row['path'] === `/each[${number}]/one`;

export const pathsOf = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, number) => `/each[${number}]/one`);

/** What holds whichever way they share. */
export function callNothingAgain(run: (name: string, count: number, how: string) => Promise<Seen>): void {
  it('call nothing again where the worker stalls for longer than what is shared may take', async () => {
    const { calls, attempts, execution } = await run('stalled', 30, 'stalls8');
    expect(execution).toMatchObject({ status: 'success' });
    const once = pathsOf(30).map((path) => `${path} 1`);
    expect([...calls].sort()).toEqual([...once].sort());
    expect(attempts).toHaveLength(30);
  });

  it('call nothing again where a result has no JSON', async () => {
    const { calls, execution } = await run('odd', 30, 'odd8');
    expect(execution).toMatchObject({ status: 'success' });
    expect(new Set(calls).size).toBe(calls.length);
    expect(calls).toHaveLength(30);
  });
}
