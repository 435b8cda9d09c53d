import type { Random } from '../model/random.ts';
import type { Lab } from './lab.ts';
import type { Load } from './load.ts';

export type Scene = { readonly lab: Lab; readonly load: Load; readonly random: Random };

/** One way in which things go wrong. */
export type Fault = {
  readonly kind: string;
  /** Breaks something for 1 to 5 s and mends it; answers in a few words what it was. */
  readonly strike: (scene: Scene) => Promise<string>;
};

/** How long the short form of a fault lasts, ms. */
export function shortWhile(random: Random): number {
  return random.between(1_000, 5_000);
}
