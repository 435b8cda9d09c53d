import type { ExecutionStatus } from '../src/contract.ts';
import type { Host } from './host.ts';

/** The gate every task passes before it starts: while paused nothing new starts, what runs goes on. */
export type PauseGate = {
  /** User id of who paused it, or null. */
  readonly pausedBy: () => string | null;
  readonly status: () => ExecutionStatus;
  /** True when that changed something. */
  readonly pause: (user: string) => boolean;
  readonly resume: () => boolean;
  /** Resolves as soon as the gate is open; rejects when the host's scope is cancelled. */
  readonly pass: (host: Host) => Promise<void>;
};

/** @param by user id of who paused it in the run before */
export function createPauseGate(by: string | null = null): PauseGate {
  let pausedBy: string | null = null;
  let open: Promise<void> = Promise.resolve();
  let release = (): void => undefined;

  function pause(user: string): boolean {
    if (pausedBy !== null) return false;
    pausedBy = user;
    open = new Promise((resolve) => (release = resolve));
    return true;
  }

  if (by !== null) pause(by);
  return {
    pausedBy: () => pausedBy,
    status: () => (pausedBy === null ? 'running' : 'paused'),
    pause,
    resume: () => {
      if (pausedBy === null) return false;
      pausedBy = null;
      release();
      return true;
    },
    pass: async (host) => {
      while (pausedBy !== null) await Promise.race([open, host.cancelled]);
    },
  };
}
