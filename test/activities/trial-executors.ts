import { z } from 'zod';
import type { Executor } from '../../activities/define-executor.ts';
import { defineExecutor, ExecutorError } from '../../activities/define-executor.ts';
import { flaky, greet } from '../../examples/executors/index.ts';

const anything = z.unknown();
const untilAborted = (signal: AbortSignal) =>
  new Promise<never>((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))));

/** One for each way an attempt may go. */
export const trialExecutors: readonly Executor[] = [
  flaky,
  greet,
  defineExecutor({
    name: 'throws',
    description: '',
    input: z.object({
      code: z.string().optional(),
      retryable: z.boolean().optional(),
      retryAfter: z.number().optional(),
      large: z.boolean().optional(),
    }),
    run: ({ input: { code, retryable = true, retryAfter, large } }) => {
      const detail = large === true ? 'é'.repeat(10_000) : 'as asked';
      if (code === undefined) throw new Error(detail);
      if (code === 'ENOENT') throw Object.assign(new Error(detail), { code });
      throw new ExecutorError(code, detail, { retryable, ...(retryAfter === undefined ? {} : { retryAfter }) });
    },
  }),
  defineExecutor({ name: 'waits', description: '', input: anything, run: ({ signal }) => untilAborted(signal) }),
  defineExecutor({
    name: 'ignores-time',
    description: '',
    input: anything,
    run: () => new Promise((resolve) => setTimeout(() => resolve('late'), 1_500)),
  }),
  defineExecutor({
    name: 'puts-out',
    description: '',
    input: z.object({ bytes: z.number() }),
    run: ({ input }) => Promise.resolve(input.bytes < 0 ? 1n : 'x'.repeat(input.bytes)),
  }),
  defineExecutor({
    name: 'beats',
    description: '',
    input: anything,
    run: async ({ attempt, heartbeat, lastHeartbeat }) => {
      if (attempt > 1) return lastHeartbeat;
      heartbeat({ done: 7 });
      await new Promise((resolve) => setTimeout(resolve, 700));
      throw new Error('half way');
    },
  }),
  defineExecutor({
    name: 'tells-key',
    description: '',
    input: anything,
    run: ({ idempotencyKey }) => Promise.resolve(idempotencyKey),
  }),
];
