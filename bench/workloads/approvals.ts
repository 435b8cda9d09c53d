import type { Lab } from '../lab.ts';
import { readHistory } from '../measure/history.ts';
import { startMeter } from '../measure/meter.ts';
import type { Runner } from '../runner.ts';
import type { Figures } from '../sample.ts';
import { approveAll, AT_ONCE, startWaiting } from './approve.ts';
import type { Size, Workload } from './workload.ts';

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

async function measure(lab: Lab, runner: Runner, { executions }: Size): Promise<Figures> {
  const ids = await startWaiting(runner, executions);
  const meter = await startMeter(lab, runner);
  const began = performance.now();
  await approveAll(runner, ids);
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
