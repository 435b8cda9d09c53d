import { executionOfWorkflowId, servedBy } from '../ids.ts';
import { findRuns } from '../mirror/read-unconfirmed.ts';
import type { Database } from '../store/database.ts';
import type { Listed, Temporal } from '../temporal/client.ts';

/** An execution that Temporal has and the mirror has not. */
export type Unmirrored = { readonly id: string; readonly runId: string; readonly startedAt: string };

/** More are as bad as so many. */
const MOST = 1_000;

/**
 * The tenant's executions on this task queue that Temporal remembers and the mirror doesn't have: started by others than
 * Weft, or lost with a database that was put back to an older copy. At most 1,000.
 * @throws Problem TEMPORAL_UNAVAILABLE, DATABASE_UNAVAILABLE
 */
export async function listUnmirrored(
  { database, temporal }: { readonly database: Database; readonly temporal: Temporal },
  { tenant }: { readonly tenant: string },
): Promise<readonly Unmirrored[]> {
  const missing: Unmirrored[] = [];
  for await (const page of temporal.listRuns('all')) {
    const own = page.flatMap((run) => (isOf(tenant, run) ? [{ run, id: servedBy(run.workflowId).executionId }] : []));
    const keys = own.map(({ id }) => ({ tenant, id }));
    const known = new Set((await database.readAsEngine((session) => findRuns(session, keys))).map(({ id }) => id));
    for (const { run, id } of own) {
      if (known.has(id)) continue;
      missing.push({ id, runId: run.runId, startedAt: new Date(run.startTime).toISOString() });
      if (missing.length === MOST) return missing;
    }
  }
  return missing;
}

function isOf(tenant: string, { workflowId }: Listed): boolean {
  return executionOfWorkflowId(workflowId).tenant === tenant;
}
