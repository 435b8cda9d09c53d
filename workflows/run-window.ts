import type { Scope, Host } from './host.ts';

/**
 * Runs `count` jobs, at most `width` at a time, started in order. The first failure cancels what runs, waits for it
 * and is thrown; the rest never start.
 */
export async function runWindow(
  host: Host,
  count: number,
  width: number,
  job: (index: number, host: Scope) => Promise<void>,
): Promise<void> {
  const scope = host.scope();
  let next = 0;
  const failures: unknown[] = [];

  async function lane(): Promise<void> {
    while (next < count && failures.length === 0) {
      const index = next++;
      try {
        await job(index, scope);
      } catch (error) {
        failures.push(error);
        scope.cancel();
      }
    }
  }

  await Promise.all(Array.from({ length: Math.min(width, count) }, lane));
  if (failures.length > 0) throw failures[0];
}
