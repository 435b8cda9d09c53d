/** How far a queue has come, for those who wait until what was in it when they came is out. */
export type Progress = {
  readonly add: (count: number) => void;
  readonly finish: (count: number) => void;
  /** Nothing goes on for now: nobody waits until something is finished again. */
  readonly stall: () => void;
  /** Resolves when all added so far is finished, at once while it stalls, and after so many ms at the latest. */
  readonly reach: (withinMs: number) => Promise<void>;
};

type Waiter = { readonly target: number; readonly go: () => void };

export function createProgress(): Progress {
  let added = 0;
  let finished = 0;
  let stalls = false;
  let waiters: Waiter[] = [];

  function release(mayGo: (waiter: Waiter) => boolean): void {
    const free = waiters.filter(mayGo);
    waiters = waiters.filter((waiter) => !free.includes(waiter));
    for (const { go } of free) go();
  }

  return {
    add: (count) => {
      added += count;
    },
    finish: (count) => {
      finished += count;
      stalls = false;
      release(({ target }) => target <= finished);
    },
    stall: () => {
      stalls = true;
      release(() => true);
    },
    reach: (withinMs) => {
      if (stalls || finished >= added) return Promise.resolve();
      return new Promise((resolve) => {
        const waiter: Waiter = {
          target: added,
          go: () => {
            clearTimeout(timer);
            resolve();
          },
        };
        const timer = setTimeout(() => release((one) => one === waiter), withinMs);
        waiters.push(waiter);
      });
    },
  };
}
