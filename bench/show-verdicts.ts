import { digits } from './digits.ts';
import type { Verdict } from './judge.ts';
import { FIGURES } from './sample.ts';
import { table } from './table.ts';

/** Each line that must hold, what was seen and whether it held. */
export function showVerdicts(verdicts: readonly Verdict[]): readonly string[] {
  return table(
    ['must hold', 'seen', 'quartiles', 'bound', ''],
    verdicts.map((verdict) => [
      lineOf(verdict),
      verdict.seen ? digits(verdict.seen.median) : '',
      verdict.seen ? `${digits(verdict.seen.low)}–${digits(verdict.seen.high)}` : '',
      'atLeast' in verdict ? `≥ ${verdict.atLeast}` : `≤ ${verdict.atMost}`,
      verdict.isMet === undefined ? 'not measured' : verdict.isMet ? 'ok' : 'NOT MET',
    ]),
  );
}

function lineOf({ workload, figure, variant, base }: Verdict): string {
  const what = `${workload}: ${FIGURES[figure]}, ${variant}`;
  return base === undefined ? what : `${what} ÷ ${base}`;
}
