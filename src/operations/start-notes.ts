import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../store/database.ts';
import { markStarted } from '../store/pending-executions.ts';
import type { StartedRun } from '../store/pending-executions.ts';

/**
 * Notes which executions Temporal has begun. Nobody waits for it: until it is noted the execution is left to who
 * accepted it (`store/left-to-acceptor.ts`), and where it can't be the starter finds out.
 */
export type StartNotes = {
  readonly add: (run: StartedRun) => void;
  /** Resolves when all that was added is noted, or can't be. */
  readonly flush: () => Promise<void>;
};

/** Between two notes, ms: what comes meanwhile goes with the next. With a start's timeout less than it is left for. */
const REST_MS = 200;

export function createStartNotes(database: Database): StartNotes {
  let waiting: StartedRun[] = [];
  let draining: Promise<void> | undefined;
  let hurry = new AbortController();

  async function drain(): Promise<void> {
    // What else this turn of the event loop brings goes with it.
    await new Promise((resolve) => setImmediate(resolve));
    for (let runs = waiting; runs.length > 0; runs = waiting) {
      waiting = [];
      // Losing the note costs the starter one more question.
      await database.writeAsEngine((session) => markStarted(session, runs)).catch(() => undefined);
      await sleep(REST_MS, undefined, { signal: hurry.signal }).catch(() => undefined);
    }
    draining = undefined;
  }

  return {
    add: (run) => {
      waiting.push(run);
      draining ??= drain();
    },
    flush: async () => {
      hurry.abort();
      await draining;
      hurry = new AbortController();
    },
  };
}
