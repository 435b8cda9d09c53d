/** A process in steps: it yields what it waits for. */
export type Strand<T> = Generator<Wait, T, undefined>;

type Wait = {
  /** Whose cancellation ends the wait; undefined: nothing does. */
  readonly scope: Scope | undefined;
  /** Told how to go on; gives how to stop waiting. */
  readonly begin: (wake: () => void) => () => void;
};

/** Thrown into a strand that waits in a scope that is cancelled. */
export class Stopped extends Error {}

/** Nothing that ends takes so long, ms. */
export const FOR_EVER = 2_000_000_000;

export type Scope = {
  readonly isCancelled: () => boolean;
  readonly cancel: () => void;
  /** Cancelled with this one. */
  readonly inner: () => Scope;
  readonly listen: (listener: () => void) => () => void;
};

export type Job<T> = {
  result?: { readonly value: T } | { readonly error: unknown };
  readonly watchers: (() => void)[];
};

export type Simulation = ReturnType<typeof createSimulation>;

/**
 * A discrete-event simulator: a clock, timers, and strands that run until each of them waits.
 * @param nearness ms in which nothing says which of two timers goes off first
 */
export function createSimulation(nearness: number) {
  const timers = new Set<{ readonly at: number; readonly fire: () => void }>();
  const ready: (() => void)[] = [];
  let now = 0;
  let lastFired = 0;
  let isTied = false;

  function after(ms: number, fire: () => void): () => void {
    const timer = { at: now + Math.max(ms, 0), fire };
    timers.add(timer);
    return () => timers.delete(timer);
  }

  function advance<T>(strand: Strand<T>, job: Job<T>, failure?: Stopped): void {
    try {
      const step = failure ? strand.throw(failure) : strand.next();
      if (!step.done) {
        park(strand, job, step.value);
        return;
      }
      job.result = { value: step.value };
    } catch (error) {
      job.result = { error };
    }
    for (const wake of job.watchers) wake();
  }

  function park<T>(strand: Strand<T>, job: Job<T>, { scope, begin }: Wait): void {
    let isOpen = true;
    let stop = (): void => undefined;
    let unlisten = (): void => undefined;
    function goOn(failure?: Stopped): void {
      if (!isOpen) return;
      isOpen = false;
      stop();
      unlisten();
      ready.push(() => advance(strand, job, failure));
    }
    if (scope?.isCancelled()) {
      goOn(new Stopped());
      return;
    }
    unlisten = scope?.listen(() => goOn(new Stopped())) ?? unlisten;
    stop = begin(() => goOn());
  }

  function fork<T>(strand: Strand<T>): Job<T> {
    const job: Job<T> = { watchers: [] };
    advance(strand, job);
    return job;
  }

  return {
    now: () => now,
    after,
    fork,
    /** Whether nothing says which of two things in one instant came first. */
    isTied: () => isTied,
    tie: (): void => {
      isTied = true;
    },
    sleep: function* (scope: Scope | undefined, ms: number): Strand<void> {
      yield { scope, begin: (wake) => after(ms, wake) };
    },
    /** Until a job has ended, however; nothing stops that. */
    ended: function* (job: Job<unknown>): Strand<void> {
      if (job.result) return;
      yield { scope: undefined, begin: (wake) => (job.watchers.push(wake), () => undefined) };
    },
    /** Until `wake` is called. */
    signalled: function* (scope: Scope | undefined, keep: (wake: () => void) => void): Strand<void> {
      yield { scope, begin: (wake) => (keep(wake), () => undefined) };
    },
    /** Lets time pass until the strand has ended; without a result: nothing can end it any more. */
    run: <T>(strand: Strand<T>): Job<T> => {
      const job = fork(strand);
      for (;;) {
        for (let go = ready.shift(); go; go = ready.shift()) go();
        const next = [...timers].reduce((a, b) => (b.at < a.at ? b : a), { at: Infinity, fire: () => undefined });
        // Also one that the first of the two takes back.
        isTied ||= next.at - lastFired <= nearness;
        isTied ||= [...timers].some((timer) => timer !== next && timer.at - next.at <= nearness);
        if (job.result || next.at > FOR_EVER) return job;
        timers.delete(next);
        lastFired = now = next.at;
        next.fire();
      }
    },
  };
}

export function createScope(): Scope {
  const listeners = new Set<() => void>();
  let isCancelled = false;
  const scope: Scope = {
    isCancelled: () => isCancelled,
    cancel: () => {
      if (isCancelled) return;
      isCancelled = true;
      for (const listener of [...listeners]) listener();
    },
    inner: () => {
      const inner = createScope();
      if (isCancelled) inner.cancel();
      else listeners.add(inner.cancel);
      return inner;
    },
    listen: (listener) => (listeners.add(listener), () => listeners.delete(listener)),
  };
  return scope;
}
