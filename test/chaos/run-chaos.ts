import { createBag } from './bag.ts';
import { faults } from './faults/index.ts';
import { inSession, pause } from './session.ts';
import type { SessionOptions } from './session.ts';

export type ChaosOptions = SessionOptions & {
  readonly minutes: number;
  /** Only kinds whose name holds one of these; all when empty. */
  readonly kinds: readonly string[];
  /** Ends it early, in order. */
  readonly signal: AbortSignal;
};

/** Faults between two looks at the invariants. */
const BATCH = 9;

/** Strikes, lets it settle, checks, again and again until the time is up. Answers how many violations there were. */
export async function runChaos({ minutes, kinds, signal, ...options }: ChaosOptions): Promise<number> {
  options.say(`chaos for ${minutes} minutes, --seed ${options.seed}`);
  const chosen = faults.filter(({ kind }) => kinds.length === 0 || kinds.some((word) => kind.includes(word)));
  if (chosen.length === 0) throw new Error(`no kind of fault has one of these words: ${kinds.join(', ')}`);
  return inSession(options, async ({ load, random, strike, check }) => {
    const draw = createBag(random, chosen);
    const end = Date.now() + minutes * 60_000;
    const isOver = (): boolean => Date.now() >= end || signal.aborted;
    while (!isOver()) {
      load.flow(true);
      await pause(2_000, signal);
      for (let left = BATCH; left > 0 && !isOver(); left--) {
        await strike(draw());
        await pause(random.between(300, 1_500), signal);
      }
      if (!signal.aborted) await check();
    }
  });
}
