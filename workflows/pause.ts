import type { ExecutionStatus } from '../src/contract.ts';
import type { Host } from './host.ts';

/** The gate every task passes before it starts: while paused nothing new starts, what runs goes on. */
export type PauseGate = {
  /** User id of who paused it, or null. */
  readonly pausedBy: () => string | null;
  readonly status: () => ExecutionStatus;
  /** Says that it is paused; true when that changed something. Tasks still pass until `close`. */
  readonly pause: (user: string) => boolean;
  /** Nothing passes any more, unless it has been resumed meanwhile. */
  readonly close: () => void;
  /** True when that changed something. */
  readonly resume: () => boolean;
  /** Resolves as soon as the gate is open; rejects when the host's scope is cancelled. */
  readonly pass: (host: Host) => Promise<void>;
};

/** @param by user id of who paused it in the run before */
export function createPauseGate(by: string | null = null): PauseGate {
  let pausedBy: string | null = null;
  let isClosed = false;
  let open: Promise<void> = Promise.resolve();
  let release = (): void => undefined;

  function pause(user: string): boolean {
    if (pausedBy !== null) return false;
    pausedBy = user;
    return true;
  }

  function close(): void {
    if (isClosed || pausedBy === null) return;
    isClosed = true;
    open = new Promise((resolve) => (release = resolve));
  }

  if (by !== null) pause(by);
  close();
  return {
    pausedBy: () => pausedBy,
    status: () => (pausedBy === null ? 'running' : 'paused'),
    pause,
    close,
    resume: () => {
      if (pausedBy === null) return false;
      pausedBy = null;
      isClosed = false;
      release();
      return true;
    },
    pass: async (host) => {
      while (isClosed) await Promise.race([open, host.cancelled]);
    },
  };
}
