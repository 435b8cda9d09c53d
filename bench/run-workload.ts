import { inLab } from './lab.ts';
import { rotate } from './rotate.ts';
import type { Runner } from './runner.ts';
import type { Sample } from './sample.ts';
import type { Servers } from './servers.ts';
import type { Variant } from './variants/variant.ts';
import type { Size, Workload } from './workloads/workload.ts';

export type WorkloadRun = {
  readonly workload: Workload;
  readonly variants: readonly Variant[];
  readonly size: Size;
  readonly pairs: number;
  readonly say: (line: string) => void;
};

/** One comparison: all variants on one fresh Temporal, warmed up, then in turn as often as there are pairs. */
export async function runWorkload(servers: Servers, run: WorkloadRun): Promise<readonly Sample[]> {
  const { workload, variants, size, pairs, say } = run;
  return await inLab(servers, async (lab) => {
    const runners: { readonly name: string; readonly runner: Runner }[] = [];
    for (const { name, start } of variants) runners.push({ name, runner: await start(lab) });
    for (const { runner } of runners) await workload.measure(lab, runner, workload.short);
    const samples: Sample[] = [];
    for (let pair = 0; pair < pairs; pair++) {
      for (const { name, runner } of rotate(runners, pair)) {
        const figures = await workload.measure(lab, runner, size);
        samples.push({ workload: workload.name, variant: name, pair, figures });
        say(progressLine(samples.at(-1), pairs));
      }
    }
    return samples;
  });
}

function progressLine(sample: Sample | undefined, pairs: number): string {
  if (!sample) return '';
  const { workload, variant, pair, figures } = sample;
  const rate = figures.tasksPerSecond ?? figures.executionsPerSecond ?? figures.factsPerSecond ?? 0;
  return `${workload} ${pair + 1}/${pairs} ${variant}: ${rate.toFixed(rate < 10 ? 1 : 0)} a second`;
}
