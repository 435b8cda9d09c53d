import { ratios } from './ratios.ts';
import type { Requirement } from './requirements.ts';
import type { Sample } from './sample.ts';
import type { Summary } from './summary.ts';
import { summarise } from './summary.ts';

export type Verdict = Requirement & {
  /** Undefined where it was not measured. */
  readonly seen: Summary | undefined;
  readonly isMet: boolean | undefined;
};

/** Holds a requirement against the median of what was measured. */
export function judge(samples: readonly Sample[], requirement: Requirement): Verdict {
  const values = valuesOf(samples, requirement);
  if (values.length === 0) return { ...requirement, seen: undefined, isMet: undefined };
  const seen = summarise(values);
  const isMet = 'atLeast' in requirement ? seen.median >= requirement.atLeast : seen.median <= requirement.atMost;
  return { ...requirement, seen, isMet };
}

function valuesOf(samples: readonly Sample[], { workload, figure, variant, base }: Requirement): readonly number[] {
  if (base !== undefined) return ratios(samples, { workload, figure, variant, base });
  return samples
    .filter((sample) => sample.workload === workload && sample.variant === variant)
    .flatMap(({ figures }) => figures[figure] ?? []);
}
