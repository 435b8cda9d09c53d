import { workflowIdOf } from '../ids.ts';
import { listLastConfirmed, listOpenRuns } from '../mirror/read-unconfirmed.ts';
import type { MirroredRun } from '../mirror/read-unconfirmed.ts';
import type { ConfirmParts } from './confirm.ts';
import { forEachLimited } from './limit.ts';
import { reopen } from './reopen.ts';
import { verifyExecution } from './verify-execution.ts';

/** Ends confirmed last that are asked about: of a Temporal of before them it knows none as it was. */
const WITNESSES = 3;
/** How old a witness may be, minutes: Temporal's shortest retention is an hour. */
const YOUNG_MINUTES = 30;
const PAGE = 200;
const AT_ONCE = 4;

/**
 * Notices that Temporal was put back to an older copy of its database: ends that the mirror confirmed just now are not
 * there. Then all that the mirror holds open is compared, and what had come further is followed from where it is.
 */
export type RestoredSweep = () => Promise<void>;

/** @throws (each look) Problem TEMPORAL_UNAVAILABLE, DATABASE_UNAVAILABLE */
export function createRestoredSweep(parts: ConfirmParts): RestoredSweep {
  const { database, temporal, log } = parts;
  /** Run ids that were missed before: a restore is one, however often one looks. */
  let missed = new Set<string>();

  async function isMissing({ tenant, id, confirmedRunId }: MirroredRun): Promise<boolean> {
    const run = await temporal.describe(workflowIdOf(tenant, id));
    return !run || (run.runId === confirmedRunId && run.closeTime === null);
  }

  async function compare(row: MirroredRun): Promise<void> {
    const found = await verifyExecution(parts, row);
    if (!found || found.agrees || found.state !== 'open') return;
    const run = await temporal.describe(workflowIdOf(row.tenant, row.id));
    if (run) await reopen(parts, row, { runId: run.runId, once: false });
  }

  return async () => {
    const witnesses = await database.asEngine((session) => listLastConfirmed(session, YOUNG_MINUTES, WITNESSES));
    const missing = await Promise.all(witnesses.map(isMissing));
    const ids = witnesses.map(({ confirmedRunId }) => confirmedRunId ?? '');
    if (ids.every((id) => missed.has(id))) return;
    // One alone may have been deleted by hand.
    if (missing.length === 0 || missing.includes(false)) return;
    log.error({ witnesses: witnesses.map(({ id }) => id) }, 'Temporal does not know ends that it had confirmed');
    missed = new Set(ids);
    let after: { readonly createdAt: string; readonly id: string } | undefined;
    do {
      const page = await database.asEngine((session) => listOpenRuns(session, after, PAGE));
      await forEachLimited(page, AT_ONCE, compare);
      const last = page.at(-1);
      after = page.length === PAGE && last ? { createdAt: last.at, id: last.id } : undefined;
    } while (after);
  };
}
