import type { Lab } from '../lab.ts';
import { readHistory } from '../measure/history.ts';
import { livingKilobytes } from '../measure/living-kilobytes.ts';
import { startMeter } from '../measure/meter.ts';
import type { Runner } from '../runner.ts';
import type { Figures } from '../sample.ts';
import { inFlight } from './in-flight.ts';
import type { Size, Workload } from './workload.ts';

const AT_ONCE = 40;
/** `maxCachedWorkflows` of both workers: whoever comes after so many waits out of cache. */
const CACHED = 1_000;

export const approvals: Workload = {
  name: 'approvals',
  about: ({ executions }) =>
    `${executions} executions wait for an approval, then all are approved, ${AT_ONCE} at a time; what is measured begins with the first approval`,
  full: { executions: 2_000, tasks: 1 },
  short: { executions: 40, tasks: 1 },
  warmUp: { executions: 100, tasks: 1 },
  variants: ['hand normal', 'weft'],
  measure,
};

/** Fewer, and what a process needs anyhow would be taken for theirs. */
const TELLING = 200;

async function measure(lab: Lab, runner: Runner, { executions }: Size): Promise<Figures> {
  const half = Math.floor(executions / 2);
  const memory = (): Promise<number> => (half < TELLING ? Promise.resolve(0) : livingKilobytes(runner.worker()));
  const before = await memory();
  const first = await startWaiting(runner, half);
  const between = await memory();
  const second = await startWaiting(runner, executions - half);
  const after = await memory();
  return {
    ...(await drain(lab, runner, [...first, ...second])),
    ...(half >= TELLING && { cachedKb: (between - before) / first.length }),
    ...(half >= CACHED && { uncachedKb: (after - between) / second.length }),
  };
}

async function startWaiting(runner: Runner, count: number): Promise<readonly string[]> {
  const ids = await inFlight(count, AT_ONCE, () => runner.start('approval', { count: 0 }));
  await runner.waiting(ids);
  return ids;
}

/** Approves all and waits for their ends; what it takes is measured from here on. */
async function drain(lab: Lab, runner: Runner, ids: readonly string[]): Promise<Figures> {
  const meter = await startMeter(lab, runner);
  const began = performance.now();
  await inFlight(ids.length, AT_ONCE, async (number) => {
    const id = ids[number] ?? '';
    await runner.approve(id);
    await runner.end(id);
  });
  const ended = performance.now();
  await runner.settle();
  const history = await readHistory(runner.temporal, ids.at(-1) ?? '', 1);
  return {
    executionsPerSecond: (ids.length * 1_000) / (ended - began),
    ...(await meter(ids.length)),
    settleMs: performance.now() - ended,
    ...history,
  };
}
