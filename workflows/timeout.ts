import type { Json } from '../src/contract.ts';
import type { Host } from './host.ts';
import { Cancelled, TaskError } from './outcome.ts';

/**
 * Runs `work` in a scope that is cancelled after `ms`.
 * @throws TaskError TIMEOUT once what ran has been cancelled and awaited
 */
export async function withTimeout<T extends Json | object>(
  host: Host,
  ms: number | undefined,
  work: (host: Host) => Promise<T>,
): Promise<T> {
  if (ms === undefined) return await work(host);
  const scope = host.scope();
  const timer = host.scope();
  const fired = { timeUp: false };
  const watch = timer.sleep(ms, 'timeout').then(
    () => {
      fired.timeUp = true;
      scope.cancel();
    },
    () => undefined,
  );
  try {
    return await work(scope);
  } catch (error) {
    if (fired.timeUp && error instanceof Cancelled) throw new TaskError('TIMEOUT', `It took longer than ${ms} ms`);
    throw error;
  } finally {
    timer.cancel();
    await watch;
  }
}
