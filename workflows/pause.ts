import type { ExecutionStatus } from '../src/contract.ts';
import type { Host } from './host.ts';

/** The gate every task passes before it starts: while paused nothing new starts, what runs goes on. */
export type PauseGate = {
  /** User id of who paused it, or null. */
  readonly pausedBy: () => string | null;
  readonly status: () => ExecutionStatus;
  /** Says that it is paused, true when that changed something; the gate is as before until it settles. */
  readonly pause: (user: string) => boolean;
  /** Says that it goes on, likewise. */
  readonly resume: () => boolean;
  /** The gate is from here on as was said last. */
  readonly settle: () => void;
  /** Resolves as soon as the gate is open; rejects when the host's scope is cancelled. */
  readonly pass: (host: Host) => Promise<void>;
};

/** @param by user id of who paused it in the run before */
export function createPauseGate(by: string | null = null): PauseGate {
  let pausedBy = by;
  let isClosed = false;
  let open: Promise<void> = Promise.resolve();
  let release = (): void => undefined;

  function settle(): void {
    const isPaused = pausedBy !== null;
    if (isClosed === isPaused) return;
    isClosed = isPaused;
    if (isPaused) open = new Promise((resolve) => (release = resolve));
    else release();
  }

  settle();
  return {
    pausedBy: () => pausedBy,
    status: () => (pausedBy === null ? 'running' : 'paused'),
    pause: (user) => {
      if (pausedBy !== null) return false;
      pausedBy = user;
      return true;
    },
    resume: () => {
      if (pausedBy === null) return false;
      pausedBy = null;
      return true;
    },
    settle,
    pass: async (host) => {
      while (isClosed) await Promise.race([open, host.cancelled]);
    },
  };
}
