import type { Executor, ExecutorContext } from '../../activities/define-executor.ts';

/** Runs an executor as the worker does, without one: its input checked, the rest as given. */
export async function run(
  executor: Executor,
  input: unknown,
  more: Partial<ExecutorContext<unknown>> = {},
): Promise<unknown> {
  const context: ExecutorContext<unknown> = {
    input: executor.input.parse(input),
    attempt: 1,
    signal: new AbortController().signal,
    heartbeat: () => undefined,
    lastHeartbeat: undefined,
    log: () => undefined,
    idempotencyKey: 'root/task',
    ...more,
  };
  return await executor.run(context as ExecutorContext<never>);
}
