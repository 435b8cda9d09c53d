/** One change of a foreign source text. */
export type Rewrite = {
  readonly why: string;
  /** Exact text, or a pattern with the flag `g`. */
  readonly find: string | RegExp;
  readonly put: string;
  /** How often `find` must occur. @default 1 */
  readonly times?: number;
};

/**
 * Applies all changes in order.
 * @throws Error that lists every change whose text occurs another number of times than expected
 */
export function rewrite(source: string, rewrites: readonly Rewrite[]): string {
  const failures: string[] = [];
  let text = source;
  for (const { why, find, put, times = 1 } of rewrites) {
    const parts = text.split(find);
    if (parts.length - 1 === times) text = parts.join(put);
    else failures.push(`${why}: expected ${times}, found ${parts.length - 1}: ${String(find)}`);
  }
  if (failures.length > 0) throw new Error(`These texts are not as expected:\n  ${failures.join('\n  ')}`);
  return text;
}
