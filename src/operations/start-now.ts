import type { Plan } from '../plan/plan.ts';
import { Problem } from '../problem.ts';
import type { Database } from '../store/database.ts';
import type { PendingExecution } from '../store/pending-executions.ts';
import { leaveToStarter } from '../store/left-to-acceptor.ts';
import { endUnstarted } from '../store/pending-executions.ts';
import type { Temporal } from '../temporal/client.ts';
import type { StartNotes } from './start-notes.ts';
import { startPending } from './start-pending.ts';

/** Tries at once. The others are left to the starter. */
const AT_ONCE = 200;
/** How long one may take, ms: less than it is left to this try (`store/left-to-acceptor.ts`). */
const TIMEOUT_MS = 1_500;
/** After a failure the starter alone asks Temporal for so long, ms. */
const PAUSE_MS = 1_000;

let trying = 0;
let pausedUntil = 0;

export type StartNowParts = {
  readonly database: Database;
  readonly temporal: Temporal;
  readonly localActivities: boolean;
  readonly startNotes: StartNotes;
};

/**
 * Tries once to start what this process has just accepted; its row is not locked, as nobody else may for a while. Never
 * throws, as the starter does what this can't. Returns the run id where it is known; it is noted a little later.
 */
export async function startNow(
  parts: StartNowParts,
  execution: PendingExecution,
  plan: Plan,
): Promise<string | undefined> {
  if (trying >= AT_ONCE || Date.now() < pausedUntil) {
    await giveUp(parts.database, execution);
    return undefined;
  }
  trying++;
  try {
    const started = await startPending(parts, execution, { plan, timeout: TIMEOUT_MS });
    if ('runId' in started) {
      parts.startNotes.add({ ...execution, runId: started.runId });
      return started.runId;
    }
    await parts.database.asEngine((session) => endUnstarted(session, execution, { ...started, isConfirmed: true }));
    return undefined;
  } catch (error) {
    if (error instanceof Problem) pausedUntil = Date.now() + PAUSE_MS;
    await giveUp(parts.database, execution);
    return undefined;
  } finally {
    trying--;
  }
}

async function giveUp(database: Database, execution: PendingExecution): Promise<void> {
  // Where this fails it is the starter's a little later.
  await database.writeAsEngine((session) => leaveToStarter(session, execution)).catch(() => undefined);
}
