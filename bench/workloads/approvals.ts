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
    `${executions} executions wait for an approval, then all are approved, ${AT_ONCE} at a time; the rate is that of the second half`,
  full: { executions: 2_000, tasks: 1 },
  short: { executions: 40, tasks: 1 },
  variants: ['hand normal', 'weft'],
  measure,
};

async function measure(lab: Lab, runner: Runner, { executions }: Size): Promise<Figures> {
  const meter = await startMeter(lab, runner);
  const before = await livingKilobytes(runner.worker());
  const first = await startWaiting(runner, Math.floor(executions / 2));
  const half = await livingKilobytes(runner.worker());
  const second = await startWaiting(runner, executions - first.length);
  const whole = await livingKilobytes(runner.worker());
  const began = performance.now();
  const ids = [...first, ...second];
  await inFlight(executions, AT_ONCE, async (number) => {
    const id = ids[number] ?? '';
    await runner.approve(id);
    await runner.end(id);
  });
  const seconds = (performance.now() - began) / 1_000;
  const ended = performance.now();
  await runner.settle();
  const history = await readHistory(runner.temporal, ids.at(-1) ?? '');
  return {
    executionsPerSecond: executions / seconds,
    ...(await meter(executions)),
    settleMs: performance.now() - ended,
    historyBytes: history.bytes,
    historyEvents: history.events,
    cachedKb: (half - before) / first.length,
    ...(first.length >= CACHED && { uncachedKb: (whole - half) / second.length }),
  };
}

async function startWaiting(runner: Runner, count: number): Promise<readonly string[]> {
  const ids = await inFlight(count, AT_ONCE, () => runner.start('approval', { count: 0 }));
  await runner.waiting(ids);
  return ids;
}
