import { ENDED_EXECUTION_STATUSES } from '../contract.ts';
import type { MirroredRun } from '../mirror/read-unconfirmed.ts';
import type { Listed } from '../temporal/client.ts';
import type { ConfirmParts } from './confirm.ts';
import { reopen } from './reopen.ts';

/** A run that starts so long after its execution was accepted may be one that somebody reset another to. ms */
const LATE_MS = 2_000;

/**
 * Opens an execution again that Temporal runs though its end was confirmed, or that runs from another point than the
 * mirror knows; true where it did.
 * @throws NotWritten, Problem TEMPORAL_UNAVAILABLE, DATABASE_UNAVAILABLE
 */
export async function followAgain(parts: ConfirmParts, run: Listed, row: MirroredRun): Promise<boolean> {
  const hasEnded = row.authority === 2 && (ENDED_EXECUTION_STATUSES as readonly string[]).includes(row.status);
  const isLate = run.startTime - row.createdAt.getTime() > LATE_MS;
  if (!hasEnded && !(isLate && (await isReset(parts, run)))) return false;
  // The list may be late.
  const now = await parts.temporal.describe(run.workflowId);
  if (now?.runId !== run.runId || now.closeTime !== null) return false;
  await reopen(parts, row, { runId: run.runId, once: true });
  return true;
}

async function isReset({ temporal }: ConfirmParts, { workflowId, runId }: Listed): Promise<boolean> {
  const { runs } = await temporal.chain(workflowId, runId);
  return runs.at(-1)?.isReset === true;
}
