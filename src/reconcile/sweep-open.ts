import { workflowIdOf } from '../ids.ts';
import { findRuns } from '../mirror/read-unconfirmed.ts';
import type { Listed } from '../temporal/client.ts';
import type { ConfirmParts } from './confirm.ts';
import { followAgain } from './follow-again.ts';
import { keyOf } from './key-of.ts';
import { forEachLimited } from './limit.ts';

const AT_ONCE = 4;

/**
 * Walks over what Temporal runs, a page each time: an execution whose end the mirror has confirmed is followed again,
 * however long ago it was started.
 */
export type OpenSweep = () => Promise<void>;

/** @throws (each step) Problem TEMPORAL_UNAVAILABLE, DATABASE_UNAVAILABLE: the next one begins anew */
export function createOpenSweep(parts: ConfirmParts): OpenSweep {
  let pages: AsyncGenerator<readonly Listed[]> | undefined;
  return async () => {
    const walk = (pages ??= parts.temporal.listRuns('open'));
    // An error ends it.
    pages = undefined;
    const page = await walk.next();
    if (page.done) return;
    const listed = new Map(page.value.map((run) => [run.workflowId, run]));
    const rows = await parts.database.readAsEngine((session) => findRuns(session, page.value.map(keyOf)));
    await forEachLimited(rows, AT_ONCE, async (row) => {
      const run = listed.get(workflowIdOf(row.tenant, row.id));
      if (run && row.authority === 2) await followAgain(parts, run, row);
    });
    pages = walk;
  };
}
