import type { Lab } from '../lab.ts';
import { readHistory } from '../measure/history.ts';
import { startMeter } from '../measure/meter.ts';
import type { Runner } from '../runner.ts';
import type { Figures } from '../sample.ts';
import type { Shape } from '../shape.ts';
import { quantile } from '../summary.ts';
import { inFlight } from './in-flight.ts';

export type Load = {
  readonly shape: Shape;
  readonly executions: number;
  /** In each. */
  readonly tasks: number;
  readonly atOnce: number;
};

/** Starts executions and waits for their ends. The clock stands at the last end; what follows it still counts as CPU, statements and WAL. */
export async function runToEnd(lab: Lab, runner: Runner, load: Load): Promise<Figures> {
  const { shape, executions, tasks, atOnce } = load;
  const meter = await startMeter(lab, runner);
  const began = performance.now();
  const runs = await inFlight(executions, atOnce, async () => {
    const started = performance.now();
    const id = await runner.run(shape, { count: tasks });
    return { id, ms: performance.now() - started };
  });
  const seconds = (performance.now() - began) / 1_000;
  const ended = performance.now();
  await runner.settle();
  const all = executions * tasks;
  const history = await readHistory(runner.temporal, runs.at(-1)?.id ?? '', tasks);
  const latencies = runs.map(({ ms }) => ms);
  return {
    tasksPerSecond: all / seconds,
    // Of many at a time it says how long the line is.
    ...(atOnce === 1 && executions > 1 && { p50: quantile(latencies, 0.5), p99: quantile(latencies, 0.99) }),
    ...(await meter(all)),
    settleMs: performance.now() - ended,
    ...history,
  };
}
