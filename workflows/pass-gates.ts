import type { Host } from './host.ts';
import { Cancelled } from './outcome.ts';
import type { Run } from './run-state.ts';

/**
 * What everything that starts passes: while the execution is paused, is about to go on in another run, or has to take a
 * breath, nothing new starts. What starts then spends by itself: of many that pass at once the first may have spent all.
 * @throws Cancelled also where the scope was cancelled before
 */
export async function passGates({ pause, turnover, breath }: Run, host: Host): Promise<void> {
  turnover.check();
  await pause.pass(host);
  await turnover.pass(host);
  while (breath.isDue()) {
    await breath.rest(host);
    await pause.pass(host);
    await turnover.pass(host);
  }
  if (host.isCancelled()) throw new Cancelled();
}
