import type { Lab } from '../lab.ts';
import { livingKilobytes } from '../measure/living-kilobytes.ts';
import type { Runner } from '../runner.ts';
import type { Figures } from '../sample.ts';
import { approveAll, startWaiting } from './approve.ts';
import type { Size, Workload } from './workload.ts';

/** `maxCachedWorkflows` of both workers: whoever comes after so many waits out of cache. */
const CACHED = 1_000;
/**
 * Then so many who take their places, uncounted: what a cache whose content changes needs, holes between what lives, it
 * needs once.
 */
const TURNED = 2 * CACHED;

export const waiting: Workload = {
  name: 'waiting',
  about: ({ executions }) =>
    `memory of executions that wait for an approval: ${CACHED} in cache; after ${TURNED} who took their places, ${executions - CACHED - TURNED} more`,
  full: { executions: 7_000, tasks: 1 },
  warmUp: { executions: 100, tasks: 1 },
  isOnce: true,
  variants: ['hand normal', 'weft'],
  measure,
};

async function measure(_: Lab, runner: Runner, { executions }: Size): Promise<Figures> {
  const rest = executions - CACHED - TURNED;
  if (rest <= 0) {
    await approveAll(runner, await startWaiting(runner, executions));
    return {};
  }
  const memory = [await livingKilobytes(runner.worker())];
  for (const count of [CACHED, TURNED, rest]) {
    await startWaiting(runner, count);
    memory.push(await livingKilobytes(runner.worker()));
  }
  const [before = 0, cached = 0, turned = 0, after = 0] = memory;
  return { cachedKb: (cached - before) / CACHED, uncachedKb: (after - turned) / rest };
}
