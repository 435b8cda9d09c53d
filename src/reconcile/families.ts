import { workflowIdOf } from '../ids.ts';
import type { Logger } from '../log.ts';
import { endOrderId } from '../operations/end-child.ts';
import { Problem } from '../problem.ts';
import { findLeftBehind, findUntold, markTold, orderChildEnd } from '../store/children.ts';
import type { ChildEnd } from '../store/children.ts';
import type { Database } from '../store/database.ts';
import type { Temporal } from '../temporal/client.ts';
import { forEachLimited } from './limit.ts';

type Parts = { readonly database: Database; readonly temporal: Temporal; readonly log: Logger };

const AT_ONCE = 6;
const MOST = 200;

/**
 * Does for parents and children what one of them, ended from outside, could not do itself: the children of a parent that
 * is over get what their task says, and a parent that waits learns of its child's end. What is to do is asked of the
 * rows each time, so that nothing is lost with a process; doing it twice changes nothing.
 * @throws Problem TEMPORAL_UNAVAILABLE, DATABASE_UNAVAILABLE
 */
export async function settleFamilies(parts: Parts): Promise<void> {
  await orderEnds(parts);
  const untold = await parts.database.asEngine((session) => findUntold(session, MOST));
  await forEachLimited(untold, AT_ONCE, (end) => tellParent(parts, end));
}

/** The orders are passed on like those of people; children of children follow when these are over. */
async function orderEnds({ database }: Parts): Promise<void> {
  await database.asEngine(async (session) => {
    for (const { tenant, id, parent, how } of await findLeftBehind(session, MOST)) {
      const commandId = endOrderId({ tenant, executionId: id, how });
      await orderChildEnd(session, { tenant, id, commandId, how, reason: `Its parent ${parent} has ended` });
    }
  });
}

async function tellParent({ database, temporal, log }: Parts, end: ChildEnd): Promise<void> {
  const { tenant, id, parent, status, output, error } = end;
  try {
    await temporal.signal('childEnded', workflowIdOf(tenant, parent), {
      executionId: id,
      status,
      ...(error ? { error } : { output }),
    });
  } catch (reason) {
    if (reason instanceof Problem) throw reason;
    // One that Temporal doesn't take for a reason of its own doesn't keep the others waiting.
    log.error({ err: reason, execution: id, parent }, 'a parent could not be told of the end of its child');
    return;
  }
  // Also where there was nobody to tell.
  await database.asEngine((session) => markTold(session, { tenant, id }));
}
