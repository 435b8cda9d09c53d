import type { Database } from '../store/database.ts';
import { markStarted } from '../store/pending-executions.ts';
import type { StartedRun } from '../store/pending-executions.ts';

/** Notes which executions Temporal has begun: what comes while a note is under way goes with the next. */
export type StartNotes = {
  /** Resolves once it is noted, or can't be: then the starter finds out. */
  readonly add: (run: StartedRun) => Promise<void>;
};

export function createStartNotes(database: Database): StartNotes {
  let waiting: { readonly run: StartedRun; readonly settle: () => void }[] = [];
  let isWriting = false;

  async function drain(): Promise<void> {
    isWriting = true;
    // What else this turn of the event loop brings goes with it.
    await new Promise((resolve) => setImmediate(resolve));
    for (let some = waiting; some.length > 0; some = waiting) {
      waiting = [];
      const runs = some.map(({ run }) => run);
      // Losing the note costs the starter one more question.
      await database.writeAsEngine((session) => markStarted(session, runs)).catch(() => undefined);
      for (const { settle } of some) settle();
    }
    isWriting = false;
  }

  return {
    add: (run) =>
      new Promise((settle) => {
        waiting.push({ run, settle });
        if (!isWriting) void drain();
      }),
  };
}
