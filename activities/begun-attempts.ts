/** How long what nobody asks for is kept after what it shared has answered, ms. */
const KEPT_MS = 60_000;

/** An attempt that was begun in a group or a series, and hasn't been told to its workflow. */
export type BegunAttempt = {
  /** Its result, or what is to be thrown. */
  readonly outcome: Promise<unknown>;
  /** Aborts its signal. */
  readonly cancel: (reason: unknown) => void;
};

/**
 * Where the call that a task gets of its own finds the attempt that has begun in a group or a series, so that none is made
 * twice. What is called off before its own call is made is cancelled by nobody, and runs to its end.
 */
export type BegunAttempts = {
  /** The last of a key counts. */
  readonly keep: (key: string, attempt: BegunAttempt) => void;
  /** Gives it once. */
  readonly take: (key: string) => BegunAttempt | undefined;
  readonly drop: (key: string, attempt: BegunAttempt) => void;
  /** Drops it after a while, unless it is taken: its workflow task may have failed, and come again elsewhere. */
  readonly dropLater: (key: string, attempt: BegunAttempt) => void;
};

export function createBegunAttempts(): BegunAttempts {
  const attempts = new Map<string, BegunAttempt>();
  const drop = (key: string, attempt: BegunAttempt): void => {
    if (attempts.get(key) === attempt) attempts.delete(key);
  };
  return {
    keep: (key, attempt) => void attempts.set(key, attempt),
    take: (key) => {
      const attempt = attempts.get(key);
      attempts.delete(key);
      return attempt;
    },
    drop,
    dropLater: (key, attempt) => void setTimeout(() => drop(key, attempt), KEPT_MS).unref(),
  };
}

/** Of a task's first attempt in a run. */
export function attemptKey(runId: string, path: string): string {
  return `${runId} ${path}`;
}
