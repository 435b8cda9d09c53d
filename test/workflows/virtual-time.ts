/** A clock that stands still until nothing else can happen, then jumps to the next timer. */
export type VirtualTime = {
  readonly now: () => number;
  /** Calls `fire` when the clock gets there; returns how to take it back. */
  readonly at: (time: number, fire: () => void) => () => void;
  /** Runs until the promise has settled. @throws Error when nothing is left that could settle it */
  readonly run: <T>(promise: Promise<T>) => Promise<T>;
};

export function createVirtualTime(start: number): VirtualTime {
  let now = start;
  let sequence = 0;
  const timers = new Map<number, { readonly at: number; readonly fire: () => void }>();

  function next(): number | undefined {
    let best: number | undefined;
    for (const [id, timer] of timers) {
      const other = best === undefined ? undefined : timers.get(best);
      if (!other || timer.at < other.at) best = id;
    }
    return best;
  }

  async function run<T>(promise: Promise<T>): Promise<T> {
    const state = { settled: false };
    const done = promise.finally(() => (state.settled = true));
    done.catch(() => undefined);
    for (;;) {
      // All microtasks run before an immediate: then nothing moves but the clock.
      await new Promise((resolve) => setImmediate(resolve));
      if (state.settled) return await done;
      const id = next();
      const timer = id === undefined ? undefined : timers.get(id);
      if (id === undefined || !timer) throw new Error('it waits for ever: no timer is set');
      timers.delete(id);
      now = Math.max(now, timer.at);
      timer.fire();
    }
  }

  return {
    now: () => now,
    at: (time, fire) => {
      const id = sequence++;
      timers.set(id, { at: time, fire });
      return () => timers.delete(id);
    },
    run,
  };
}
