/** Turns of the microtask queue without a stir after which nothing moves any more. */
const REST = 30;
/** Turns within which all that arrive together have arrived. */
const TOGETHER = 3;
/** A turn makes one promise less with it. */
const TURN = Promise.resolve();

/** Lets results through one by one. */
export type OneByOne = {
  /** Something moves. */
  readonly stir: () => void;
  /** Resolves when it is this one's turn. */
  readonly turn: () => Promise<void>;
};

/**
 * Each result goes on when what came of the one before has come to rest. Results of local activities that came one after
 * the other come all at once in a replay: what comes of them, and in which order, must be the same.
 */
export function createOneByOne(): OneByOne {
  const waiting: (() => void)[] = [];
  let stirs = 0;
  let isLetting = false;

  async function letThrough(): Promise<void> {
    isLetting = true;
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      next();
      for (let calm = 0; calm < (waiting.length > 0 ? REST : TOGETHER); calm++) {
        const before = stirs;
        await TURN;
        if (stirs !== before) calm = 0;
      }
    }
    isLetting = false;
  }

  return {
    stir: () => {
      stirs++;
    },
    turn: () =>
      new Promise((resolve) => {
        waiting.push(resolve);
        if (!isLetting) void letThrough();
      }),
  };
}
