import { describe, expect, it } from 'vitest';
import { quantile, summarise } from '../../bench/summary.ts';

describe('summarise', () => {
  it('gives median and quartiles whatever the order', () => {
    expect(summarise([9, 1, 5, 3, 7])).toEqual({ median: 5, low: 3, high: 7, count: 5 });
  });

  it('stands between two values in proportion', () => {
    expect(quantile([10, 20], 0.5)).toBe(15);
    expect(quantile([0, 10, 20, 30], 0.99)).toBeCloseTo(29.7);
  });

  it('is itself with one value, and refuses none', () => {
    expect(summarise([4])).toEqual({ median: 4, low: 4, high: 4, count: 1 });
    expect(() => summarise([])).toThrow('no value');
  });
});
