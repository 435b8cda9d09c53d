import type { HandOver } from '../src/contract.ts';
import { HAND_OVER } from '../src/contract.ts';
import type { Host } from './host.ts';

/** From this engine version on most leave nothing in the history; before, each one was a local activity's marker. */
const BESIDE_THE_HISTORY = 2;

/** Tells the mirror; resolves when it knows or wasn't there in time: the work goes on, and what repairs comes later. */
export async function handOverTo(host: Host, engineVersion: number, handOver: HandOver): Promise<void> {
  if (engineVersion >= BESIDE_THE_HISTORY && !opensToUpdates(handOver)) {
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

/**
 * A workflow task that leaves no event is to the SDK's core one that only kept its worker's time: out of cache it makes one
 * of it and the next, whose update then comes before all that opened what it is about.
 */
function opensToUpdates({ transitions }: HandOver): boolean {
  return transitions.some((transition) => transition.kind === 'approval' && transition.approval.status === 'open');
}
