/** A pause before each batch, which whoever waits for the batch cuts short. */
export type Rest = {
  /** Resolves after the pause, or at once while somebody is in a hurry. */
  readonly take: () => Promise<void>;
  readonly hurry: () => void;
  /** Nobody waits any more. */
  readonly relax: () => void;
};

export function createRest(ms: number): Rest {
  let isUrgent = false;
  let end: (() => void) | undefined;
  return {
    take: async () => {
      // What else this turn of the event loop brings goes with it in any case.
      await new Promise<void>((resolve) => setImmediate(resolve));
      if (isUrgent) return;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        end = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      end = undefined;
    },
    hurry: () => {
      isUrgent = true;
      end?.();
    },
    relax: () => {
      isUrgent = false;
    },
  };
}
