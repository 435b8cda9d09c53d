import type { HandOver } from '../src/contract.ts';
import { HAND_OVER } from '../src/contract.ts';
import type { Host } from './host.ts';

/** From this engine version on the last one leaves nothing in the history; before, it was a local activity's marker, too. */
const LAST_BESIDE_THE_HISTORY = 2;

/**
 * Tells the mirror; resolves when it knows or wasn't there in time: the work goes on, and what repairs comes later.
 *
 * What doesn't end the run leaves a marker. Of two workflow tasks without a command the SDK's core makes one when an update
 * begins the next and the run is out of cache, and in that the update comes first: a decision would find no approval yet,
 * or one whose deadline has passed still open.
 */
export async function handOverTo(host: Host, engineVersion: number, handOver: HandOver): Promise<void> {
  if (isLast(engineVersion, handOver.transitions)) {
    host.handOver(handOver);
    return;
  }
  try {
    await host.callLocal({
      name: HAND_OVER,
      input: handOver,
      summary: 'mirror',
      timeout: 500,
      totalTimeout: 2_000,
      retry: { maxAttempts: 2, initialInterval: 50, backoffCoefficient: 1, maximumInterval: 50, nonRetryable: [] },
    });
  } catch {
    // It says no more than that the mirror is away.
  }
}

/** Whether it leaves nothing in the history: what follows is the command that ends the run, or the signal that tells its parent. */
export function isLast(engineVersion: number, transitions: HandOver['transitions']): boolean {
  return (
    engineVersion >= LAST_BESIDE_THE_HISTORY &&
    transitions.some((transition) => transition.kind === 'execution' && transition.endedAt !== null)
  );
}
