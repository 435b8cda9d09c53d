/**
 * Your own executors: each is one activity that definitions call by its name. Start Weft with
 * `WEFT_EXECUTORS=./examples/executors/index.ts` and `GET /executors` shows them beside the built-in ones.
 */
import { z } from 'zod';
// In a project of your own: from 'weft'.
import { defineExecutor, ExecutorError } from '../../activities/define-executor.ts';

/** `with: { name: Ada }` gives `Hello, Ada!`. */
export const greet = defineExecutor({
  name: 'greet',
  description: 'Says hello',
  // Checked before `run`, typed in `run`, and shown as JSON Schema.
  input: z.strictObject({ name: z.string().min(1) }),
  // Short and idempotent: it may run without a round trip to Temporal.
  local: true,
  run: ({ input }) => Promise.resolve(`Hello, ${input.name}!`),
});

/** Fails its first `failures` attempts, then gives back `value`: to see retries at work. */
export const flaky = defineExecutor({
  name: 'flaky',
  description: 'Fails a few times before it works',
  input: z.strictObject({ failures: z.number().int().min(0), value: z.unknown().optional() }),
  // What a definition doesn't say itself.
  defaults: { timeout: '10s', retry: { maxAttempts: 5, initialInterval: '100ms' } },
  run: ({ input, attempt, log }) => {
    // Lines of the execution's log: GET /executions/{id}/logs.
    log('info', `attempt ${attempt} of ${input.failures + 1}`);
    // The code is what `retry.nonRetryable`, `onError` and `$error.code` see. `retryable: false` would end it here.
    if (attempt <= input.failures) throw new ExecutorError('FLAKY', `attempt ${attempt} failed, as asked`);
    return Promise.resolve(input.value ?? null);
  },
});
