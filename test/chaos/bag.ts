import type { Random } from '../model/random.ts';

/** Draws from a list so that each comes once before any comes again. */
export function createBag<T>(random: Random, all: readonly T[]): () => T {
  let left: T[] = [];
  return () => {
    if (left.length === 0) left = [...all];
    return left.splice(random.below(left.length), 1)[0]!;
  };
}
