import type { Figure, Sample } from './sample.ts';

/** Two variants whose samples are held against each other, pair by pair. */
export type Comparison = {
  readonly workload: string;
  readonly figure: Figure;
  readonly variant: string;
  readonly base: string;
};

/** Variant / base of each pair that has both. */
export function ratios(samples: readonly Sample[], { workload, figure, variant, base }: Comparison): readonly number[] {
  const of = (name: string): ReadonlyMap<number, number | undefined> =>
    new Map(
      samples
        .filter((sample) => sample.workload === workload && sample.variant === name)
        .map(({ pair, figures }) => [pair, figures[figure]]),
    );
  const bases = of(base);
  return [...of(variant)].flatMap(([pair, value]) => {
    const against = bases.get(pair);
    return value === undefined || against === undefined || against === 0 ? [] : [value / against];
  });
}
