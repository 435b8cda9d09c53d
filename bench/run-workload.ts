import { setTimeout as sleep } from 'node:timers/promises';
import { digits } from './digits.ts';
import type { Lab } from './lab.ts';
import { recordProfiles } from './profile/record.ts';
import { rotate } from './rotate.ts';
import type { Runner } from './runner.ts';
import type { Sample } from './sample.ts';
import type { Variant } from './variants/variant.ts';
import type { Size, Workload } from './workloads/workload.ts';

export type WorkloadRun = {
  readonly workload: Workload;
  readonly variants: readonly Variant[];
  readonly size: Size;
  readonly pairs: number;
  /** A look: warmed up once, and no sample waits until what the one before left is done. */
  readonly isShort: boolean;
  /** Directory for profiles of one more round, where some are wanted. */
  readonly profiles: string | undefined;
  readonly say: (line: string) => void;
};

/**
 * Before each sample, ms: what Temporal still does of the one before would be counted as the next one's, and a variant
 * that isn't told when its last work is done would be ahead of one that is.
 */
const REST_MS = 2_000;
/** V8 compiles on for thousands of tasks, and of what has more code it compiles longer. */
const WARM_UPS = 4;

/** One comparison: all variants in one lab, warmed up, then in turn as often as there are pairs. */
export async function runWorkload(lab: Lab, run: WorkloadRun): Promise<readonly Sample[]> {
  const { workload, variants, size, pairs, isShort, profiles, say } = run;
  const runners: { readonly name: string; readonly runner: Runner }[] = [];
  for (const { name, start } of variants) runners.push({ name, runner: await start(lab) });
  for (let round = 0; round < (isShort ? 1 : WARM_UPS); round++)
    for (const { runner } of runners) await workload.measure(lab, runner, smaller(workload.warmUp, size));
  const samples: Sample[] = [];
  const rounds = workload.isOnce === true ? 1 : pairs;
  for (let pair = 0; pair < rounds; pair++) {
    for (const { name, runner } of rotate(runners, pair)) {
      if (!isShort) await sleep(REST_MS);
      const sample = {
        workload: workload.name,
        variant: name,
        pair,
        figures: await workload.measure(lab, runner, size),
      };
      samples.push(sample);
      say(progressLine(sample, rounds));
    }
  }
  if (profiles !== undefined)
    for (const { name, runner } of runners)
      await recordProfiles(profiles, `${workload.name}, ${name}`, runner, () => workload.measure(lab, runner, size));
  return samples;
}

function progressLine({ workload, variant, pair, figures }: Sample, pairs: number): string {
  const rate = figures.tasksPerSecond ?? figures.executionsPerSecond;
  return `${workload} ${pair + 1}/${pairs} ${variant}${rate === undefined ? '' : `: ${digits(rate)} a second`}`;
}

function smaller(one: Size, other: Size): Size {
  return { executions: Math.min(one.executions, other.executions), tasks: Math.min(one.tasks, other.tasks) };
}
