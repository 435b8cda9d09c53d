import { digits } from './digits.ts';
import { ratios } from './ratios.ts';
import { FIGURES } from './sample.ts';
import type { Figure, Sample } from './sample.ts';
import { summarise } from './summary.ts';
import { table } from './table.ts';

/** Shown with their quartiles, and held against these variants; the others are medians alone. */
const LEADING: readonly Figure[] = ['tasksPerSecond', 'executionsPerSecond', 'factsPerSecond', 'p50', 'p99'];
const BASES = ['hand normal', 'hand local'];

/** The figures of one workload: what was gained, then what it took. */
export function showWorkload(samples: readonly Sample[], workload: string): readonly string[] {
  const own = samples.filter((sample) => sample.workload === workload);
  const variants = [...new Set([...own].sort((a, b) => a.pair - b.pair).map(({ variant }) => variant))];
  const valuesOf = (variant: string, figure: Figure): readonly number[] =>
    own.filter((sample) => sample.variant === variant).flatMap(({ figures }) => figures[figure] ?? []);
  const measured = (Object.keys(FIGURES) as Figure[]).filter((figure) =>
    variants.some((variant) => valuesOf(variant, figure).length > 0),
  );
  const bases = BASES.filter((base) => variants.includes(base));

  const leading = measured.filter((figure) => LEADING.includes(figure));
  const gains = variants.map((variant) => [
    variant,
    ...leading.flatMap((figure) => {
      const values = valuesOf(variant, figure);
      const against = bases.map((base) => {
        const all = ratios(own, { workload, figure, variant, base });
        return all.length === 0 ? '' : digits(summarise(all).median);
      });
      return [values.length === 0 ? '' : spread(values), ...against];
    }),
  ]);
  const head = leading.flatMap((figure) => [FIGURES[figure], ...bases.map((base) => `÷ ${base}`)]);

  const costs = measured.filter((figure) => !LEADING.includes(figure));
  const takes = costs.map((figure) => [
    FIGURES[figure],
    ...variants.map((variant) => {
      const values = valuesOf(variant, figure);
      return values.length === 0 ? '' : digits(summarise(values).median);
    }),
  ]);
  const gained = leading.length === 0 ? [] : [...table(['', ...head], gains), ''];
  return [...gained, ...table(['', ...variants], takes)];
}

function spread(values: readonly number[]): string {
  const { median, low, high } = summarise(values);
  return `${digits(median)} (${digits(low)}–${digits(high)})`;
}
