import type { Scope, Host } from './host.ts';
import { Cancelled } from './outcome.ts';

/** What was decided before it was cancelled from around, while losers ended, stays so. */
const DECIDED_STAYS = 'decided-stays';

/** What a run before this one has left of a window. */
export type Left = {
  readonly isThrough: (index: number) => boolean;
  /** It had begun. */
  readonly isOpen: (index: number) => boolean;
  /** The rest never starts: they were cancelled, for this reason where it is an error. */
  readonly isOver: boolean;
  readonly error: Error | undefined;
};

/**
 * Runs `count` jobs, at most `width` at a time, started in order. The first failure cancels what runs, waits for it
 * and is thrown; the rest never start, nor do they when a job has cancelled the scope.
 */
export async function runWindow(
  host: Host,
  { count, width, left }: { readonly count: number; readonly width: number; readonly left: Left },
  job: (index: number, scope: Scope) => Promise<void>,
): Promise<void> {
  const scope = host.scope();
  let next = 0;
  const cut = { short: false, fromAround: false };
  const failures: unknown[] = left.error ? [left.error] : [];
  if (left.isOver || left.error) scope.cancel();

  async function lane(): Promise<void> {
    while (next < count) {
      const index = next++;
      if (left.isThrough(index)) continue;
      if (scope.isCancelled() && !left.isOpen(index)) {
        cut.short = true;
        // Of one that is over nothing starts, whoever cancels it meanwhile.
        cut.fromAround ||= !left.isOver && host.isCancelled();
        continue;
      }
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
  // Cancelled from around it while nothing was under way.
  if (cut.short && host.isCancelled() && (cut.fromAround || !host.patched(DECIDED_STAYS))) throw new Cancelled();
}
