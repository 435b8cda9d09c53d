import type { Logger } from '../log.ts';
import { Problem } from '../problem.ts';
import type { Session } from '../store/database.ts';
import { endUnstarted, lockDue, markStarted } from '../store/pending-executions.ts';
import type { StartedRun } from '../store/pending-executions.ts';
import { startOne } from './start-one.ts';
import type { StarterParts } from './start-one.ts';

/** They start side by side. Few: their rows are locked until all are started, and who cancels one waits. */
const BATCH = 16;
/** One that can't be started for a reason of its own doesn't hold up the others; it is tried again after so long, ms. */
const SET_ASIDE_MS = 30_000;

/**
 * Starts a batch of accepted executions that Temporal doesn't have yet; answers true when there may be more. Any number
 * of processes may do it at once: each row is one's own while it is worked on, and its id starts once.
 */
export type Starter = () => Promise<boolean>;

/** @throws (each batch) Problem TEMPORAL_UNAVAILABLE, DATABASE_UNAVAILABLE */
export function createStarter(parts: StarterParts & { readonly log: Logger }): Starter {
  const setAside = new Map<string, number>();

  /** Stops where Temporal is away: what went well before stays noted. */
  async function startBatch(session: Session): Promise<{ readonly isFull: boolean; readonly away?: Problem }> {
    const due = await lockDue(session, BATCH, [...setAside.keys()]);
    const starts = await Promise.allSettled(due.map((execution) => startOne(parts, execution)));
    const started: StartedRun[] = [];
    let away: Problem | undefined;
    for (const [index, execution] of due.entries()) {
      const start = starts[index];
      if (start?.status === 'fulfilled') {
        if ('runId' in start.value) started.push({ ...execution, runId: start.value.runId });
        else await endUnstarted(session, execution, { ...start.value, isConfirmed: true });
      } else if (start?.reason instanceof Problem && start.reason.status >= 500) {
        away = start.reason;
      } else {
        parts.log.error({ err: start?.reason as unknown, execution: execution.id }, 'an execution can not be started');
        setAside.set(execution.id, Date.now() + SET_ASIDE_MS);
      }
    }
    if (started.length > 0) await markStarted(session, started);
    if (away) return { isFull: false, away };
    return { isFull: due.length === BATCH };
  }

  return async () => {
    for (const [id, until] of setAside) if (until < Date.now()) setAside.delete(id);
    const { isFull, away } = await parts.database.asEngine(startBatch);
    if (away) throw away;
    return isFull;
  };
}
