import type { Json } from '../src/contract.ts';
import type { Host } from './host.ts';
import { Cancelled, TaskError } from './outcome.ts';

/** What is known of a time limit, for a run that goes on; JSON. */
export type Limit = {
  readonly startedAt: number;
  /** Whether time was up before anything else cancelled it. */
  isOver?: boolean;
};

/**
 * Runs `work` in a scope that is cancelled `ms` after its start.
 * @throws TaskError TIMEOUT once what ran has been cancelled and awaited
 */
export async function withTimeout<T extends Json | object>(
  host: Host,
  ms: number | undefined,
  limit: Limit,
  work: (host: Host) => Promise<T>,
): Promise<T> {
  if (ms === undefined) return await work(host);
  const scope = host.scope();
  const timer = host.scope();
  const end = (): void => {
    limit.isOver = true;
    scope.cancel();
  };
  // One that was over in the run before only ends what was begun.
  const left = limit.isOver === true ? 0 : limit.startedAt + ms - host.now();
  if (limit.isOver === true || (left <= 0 && !host.isCancelled())) end();
  const watch = left <= 0 ? undefined : timer.sleep(left, 'timeout').then(end, () => undefined);
  try {
    return await work(scope);
  } catch (error) {
    if (limit.isOver === true && error instanceof Cancelled)
      throw new TaskError('TIMEOUT', `It took longer than ${ms} ms`);
    throw error;
  } finally {
    timer.cancel();
    await watch;
  }
}
