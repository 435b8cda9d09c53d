/** The same in another order for each pair: each is first once, so that none always runs on what another left warm. */
export function rotate<T>(all: readonly T[], pair: number): readonly T[] {
  const from = all.length === 0 ? 0 : pair % all.length;
  return [...all.slice(from), ...all.slice(0, from)];
}
