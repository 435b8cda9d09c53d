/** What is said of a figure that was measured several times. */
export type Summary = { readonly median: number; readonly low: number; readonly high: number; readonly count: number };

/** Median with the first and the third quartile. @throws Error when there are no values */
export function summarise(values: readonly number[]): Summary {
  return {
    median: quantile(values, 0.5),
    low: quantile(values, 0.25),
    high: quantile(values, 0.75),
    count: values.length,
  };
}

/** The value below which so large a share (0…1) of the values lies, between two of them in proportion. @throws Error when there are none */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * share;
  const [below, above] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  if (below === undefined || above === undefined) throw new Error('there is no value to sum up');
  return below + (above - below) * (at - Math.floor(at));
}
