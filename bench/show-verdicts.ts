import { digits } from './digits.ts';
import type { Verdict } from './judge.ts';
import { FIGURES } from './sample.ts';
import { table } from './table.ts';

/** Each line that must hold and was measured: what was seen and whether it held. */
export function showVerdicts(verdicts: readonly Verdict[]): readonly string[] {
  const rows = verdicts.flatMap((verdict) => {
    const { seen, isMet } = verdict;
    if (seen === undefined) return [];
    const bound = 'atLeast' in verdict ? `≥ ${verdict.atLeast}` : `≤ ${verdict.atMost}`;
    const quartiles = `${digits(seen.low)}–${digits(seen.high)}`;
    return [[lineOf(verdict), digits(seen.median), quartiles, bound, isMet === true ? 'ok' : 'NOT MET']];
  });
  const left = verdicts.length - rows.length;
  const missing = `Not measured in this run: ${left} of ${verdicts.length} lines that must hold.`;
  if (rows.length === 0) return [missing];
  return [...table(['must hold', 'seen', 'quartiles', 'bound', ''], rows), ...(left === 0 ? [] : ['', missing])];
}

function lineOf({ workload, figure, variant, base }: Verdict): string {
  const what = `${workload}: ${FIGURES[figure]}, ${variant}`;
  return base === undefined ? what : `${what} ÷ ${base}`;
}
