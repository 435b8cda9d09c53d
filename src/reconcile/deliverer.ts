import { workflowIdOf } from '../ids.ts';
import type { Logger } from '../log.ts';
import { Problem } from '../problem.ts';
import type { Database, Session } from '../store/database.ts';
import { endWaits, lockUntold, markTold, readUntold } from '../store/event-deliveries.ts';
import type { ExecutionKey, Untold } from '../store/event-deliveries.ts';
import { routeEvents } from '../store/route-events.ts';
import type { Temporal } from '../temporal/client.ts';

/** Executions told side by side; each holds up the others until Temporal has answered for all. */
const BATCH = 16;
/** One that can't be told for a reason of its own doesn't hold up the others; it is tried again after so long, ms. */
const SET_ASIDE_MS = 30_000;
/** One that doesn't come to read what it was told, as without a worker, is told no more than this: Temporal ends what grows. */
const LARGEST_HISTORY = { bytes: 8_000_000, events: 12_000 };
const READS_LATER_MS = 3_000;

const FIRST: ExecutionKey = { tenant: '', executionId: '' };

type Parts = { readonly database: Database; readonly temporal: Temporal; readonly log: Logger };

/**
 * Hands stored events to the waits they are for and tells the executions, each time a batch; answers true when there may
 * be more. Any number of processes may do it at once. An event may be told twice, when a process dies in between: the
 * workflow knows it by its id.
 * @throws (each time) Problem TEMPORAL_UNAVAILABLE, DATABASE_UNAVAILABLE
 */
export function createDeliverer({ database, temporal, log }: Parts): () => Promise<boolean> {
  const setAside = new Map<string, number>();
  // Where the batch before ended: everybody's turn comes.
  let last = FIRST;

  async function tellBatch(session: Session): Promise<{ readonly isMore: boolean; readonly away?: Problem }> {
    const due = await lockUntold(session, { limit: BATCH, after: last, except: [...setAside.keys()] });
    const isPartial = last !== FIRST || due.length === BATCH;
    last = (due.length === BATCH ? due.at(-1) : undefined) ?? FIRST;
    const ours = due.filter(({ isOurs }) => isOurs);
    const untold = ours.length === 0 ? [] : await readUntold(session, ours);
    const outcomes = await Promise.allSettled(untold.map(tell));
    let away: Problem | undefined;
    for (const [index, execution] of untold.entries()) {
      const outcome = outcomes[index];
      if (outcome?.status === 'fulfilled') {
        if (outcome.value === 'told') await markTold(session, execution);
        else if (outcome.value === 'over') await endWaits(session, execution);
        else aside(execution, READS_LATER_MS);
      } else if (outcome?.reason instanceof Problem && outcome.reason.status >= 500) {
        away = outcome.reason;
      } else {
        const { executionId } = execution;
        log.error(
          { err: outcome?.reason as unknown, execution: executionId },
          'an execution can not be told of events',
        );
        aside(execution, SET_ASIDE_MS);
      }
    }
    return { isMore: isPartial || untold.some(({ isMore }) => isMore), ...(away && { away }) };
  }

  async function tell({ tenant, executionId, deliveries, isMore }: Untold): Promise<'told' | 'over' | 'held back'> {
    const workflowId = workflowIdOf(tenant, executionId);
    if (isMore) {
      const run = await temporal.describe(workflowId);
      if (run && (run.historySize > LARGEST_HISTORY.bytes || run.historyLength > LARGEST_HISTORY.events))
        return 'held back';
    }
    return (await temporal.signal('events', workflowId, { deliveries })) ? 'told' : 'over';
  }

  function aside({ tenant, executionId }: ExecutionKey, ms: number): void {
    setAside.set(`${tenant}:${executionId}`, Date.now() + ms);
  }

  return async () => {
    for (const [id, until] of setAside) if (until < Date.now()) setAside.delete(id);
    const isRouting = await database.asEngine(routeEvents);
    const { isMore, away } = await database.asEngine(tellBatch);
    if (away) throw away;
    return isRouting || isMore;
  };
}
