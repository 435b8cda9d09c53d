import type { HandOver } from '../src/contract.ts';
import { HAND_OVER } from '../src/contract.ts';
import type { Host } from './host.ts';

/** From this engine version on it leaves nothing in the history; before, each one was a local activity's marker. */
const BESIDE_THE_HISTORY = 2;

/** Tells the mirror; resolves when it knows or wasn't there in time: the work goes on, and what repairs comes later. */
export async function handOverTo(host: Host, engineVersion: number, handOver: HandOver): Promise<void> {
  if (engineVersion >= BESIDE_THE_HISTORY) {
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
