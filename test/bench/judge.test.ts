import { describe, expect, it } from 'vitest';
import { judge } from '../../bench/judge.ts';
import { ratios } from '../../bench/ratios.ts';
import { rotate } from '../../bench/rotate.ts';
import type { Sample } from '../../bench/sample.ts';

const sample = (variant: string, pair: number, tasksPerSecond: number, workload = 'three'): Sample => ({
  ...{ workload, variant, pair, figures: { tasksPerSecond } },
});
/** The machine gets slower from pair to pair: only within a pair do they compare. */
const SAMPLES = [
  ...[sample('hand', 0, 100), sample('weft', 0, 90)],
  ...[sample('weft', 1, 50), sample('hand', 1, 50)],
  ...[sample('hand', 2, 10), sample('weft', 2, 12)],
  ...[sample('hand', 3, 10), sample('hand', 0, 1, 'wide')],
];
const AGAINST = { workload: 'three', figure: 'tasksPerSecond', variant: 'weft', base: 'hand' } as const;

describe('ratios', () => {
  it('are taken pair by pair, where a pair has both', () => {
    expect(ratios(SAMPLES, AGAINST)).toEqual([0.9, 1, 1.2]);
  });

  it('are none of a figure that was not measured', () => {
    expect(ratios(SAMPLES, { ...AGAINST, figure: 'p50' })).toEqual([]);
  });
});

describe('judge', () => {
  it('holds the median of the ratios against the bound', () => {
    expect(judge(SAMPLES, { ...AGAINST, atLeast: 1 })).toMatchObject({ seen: { median: 1, count: 3 }, isMet: true });
    expect(judge(SAMPLES, { ...AGAINST, atLeast: 1.1 }).isMet).toBe(false);
    expect(judge(SAMPLES, { ...AGAINST, atMost: 0.9 }).isMet).toBe(false);
  });

  it('takes a figure as it is where there is nothing to divide by', () => {
    const { workload, figure, variant } = AGAINST;
    expect(judge(SAMPLES, { workload, figure, variant, atLeast: 50 })).toMatchObject({
      seen: { median: 50 },
      isMet: true,
    });
  });

  it('says nothing of what was not measured', () => {
    expect(judge(SAMPLES, { ...AGAINST, workload: 'long', atLeast: 1 })).toMatchObject({
      seen: undefined,
      isMet: undefined,
    });
  });
});

describe('rotate', () => {
  it('lets each be first once', () => {
    expect([0, 1, 2, 3].map((pair) => rotate(['a', 'b', 'c'], pair).join(''))).toEqual(['abc', 'bca', 'cab', 'abc']);
  });
});
