/**
 * A pause before each batch. While nobody waits for the batch it is `ms`; while somebody does, it is none after a while
 * in which nothing was written, and otherwise a share of what the last such batch took: a busy PostgreSQL gets fewer, larger
 * ones. Compare PostgreSQL's own `commit_delay` and `commit_siblings`.
 */
export type Rest = {
  /** Resolves after the pause, with whether somebody waits for what is queued. */
  readonly take: () => Promise<boolean>;
  /**
   * Somebody waits for what is queued.
   * @param sole the execution that it is all about: a pause is for those of others to come, not for its own next batch
   */
  readonly hurry: (sole?: string) => void;
  /** There is enough for a batch. */
  readonly skip: () => void;
  /** All that was queued is in the batch now: nobody waits for more. */
  readonly relax: () => void;
  /** How long a batch took that somebody waited for, ms. @param sole the execution that all of it was about */
  readonly took: (ms: number, sole?: string) => void;
};

export type RestOptions = {
  /** While nobody waits, ms. */
  readonly ms: number;
  /** While somebody waits: so many times what the last batch took, counted from its end, … */
  readonly share: number;
  /** … and at most so long, ms. */
  readonly most: number;
};

export function createRest({ ms, share, most }: RestOptions): Rest {
  let haste: 'none' | 'hurry' | 'skip' = 'none';
  /** `performance.now()` before which nobody is in such a hurry. */
  let next = 0;
  /** Who doesn't wait for it. */
  let last: string | undefined;
  let recount: (() => void) | undefined;

  function pauseFrom(began: number): number {
    if (haste === 'skip') return 0;
    return (haste === 'hurry' ? Math.min(next, began + ms) : began + ms) - performance.now();
  }

  function raise(to: 'hurry' | 'skip'): void {
    if (haste === to || haste === 'skip') return;
    haste = to;
    recount?.();
  }

  return {
    take: async () => {
      const began = performance.now();
      // What else this turn of the event loop brings goes with it in any case.
      await new Promise<void>((resolve) => setImmediate(resolve));
      await new Promise<void>((resolve) => {
        let timer: NodeJS.Timeout | undefined;
        recount = () => {
          clearTimeout(timer);
          const left = pauseFrom(began);
          if (left > 0) timer = setTimeout(resolve, left);
          else resolve();
        };
        recount();
      });
      recount = undefined;
      return haste === 'hurry';
    },
    hurry: (sole) => raise(sole !== undefined && sole === last ? 'skip' : 'hurry'),
    skip: () => raise('skip'),
    relax: () => {
      haste = 'none';
    },
    took: (time, sole) => {
      last = sole;
      next = performance.now() + Math.min(time * share, most);
    },
  };
}
