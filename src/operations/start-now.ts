import type { Plan } from '../plan/plan.ts';
import { Problem } from '../problem.ts';
import type { Database } from '../store/database.ts';
import { lockPending } from '../store/pending-executions.ts';
import type { Temporal } from '../temporal/client.ts';
import { noteStart, startPending } from './start-pending.ts';

/** Tries at once: each holds a connection while Temporal answers. The others are left to the starter. */
const AT_ONCE = 4;
/** How long one may hold it, ms. */
const TIMEOUT_MS = 1_500;
/** After a failure the starter alone asks Temporal for so long, ms. */
const PAUSE_MS = 1_000;

let trying = 0;
let pausedUntil = 0;

/**
 * Tries once to start what was just accepted, under its row's lock: a cancellation that comes meanwhile waits for it.
 * Never throws, as the starter does what this can't. Returns the run id where it is known.
 */
export async function startNow(
  parts: { readonly database: Database; readonly temporal: Temporal; readonly localActivities: boolean },
  execution: { readonly tenant: string; readonly id: string; readonly plan: Plan },
): Promise<string | undefined> {
  if (trying >= AT_ONCE || Date.now() < pausedUntil) return undefined;
  trying++;
  try {
    return await parts.database.asEngine(
      async (session) => {
        const pending = await lockPending(session, execution.tenant, execution.id);
        if (!pending) return undefined;
        const started = await startPending(parts, pending, { plan: execution.plan, timeout: TIMEOUT_MS });
        await noteStart(session, pending, started);
        return 'runId' in started ? started.runId : undefined;
      },
      // Losing the note costs the starter one more question.
      { asyncCommit: true },
    );
  } catch (error) {
    if (error instanceof Problem) pausedUntil = Date.now() + PAUSE_MS;
    return undefined;
  } finally {
    trying--;
  }
}
