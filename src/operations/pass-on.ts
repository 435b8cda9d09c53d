import { ENDED_EXECUTION_STATUSES } from '../contract.ts';
import { workflowIdOf } from '../ids.ts';
import { finishCommand } from '../store/commands.ts';
import type { Command } from '../store/commands.ts';
import type { Database, Session } from '../store/database.ts';
import { findStanding, lockStanding } from '../store/executions.ts';
import type { Standing } from '../store/executions.ts';
import { confirmUnstarted, endUnstarted } from '../store/pending-executions.ts';
import type { Temporal } from '../temporal/client.ts';

/** What came of a `cancel` or `terminate` that was passed on; `later`: it is still to be done. */
export type PassedOn = 'done' | 'later' | 'EXECUTION_ENDED' | 'NOT_FOUND';

/**
 * Passes an order to end an execution on to Temporal and notes what came of it; doing it twice changes nothing.
 * @throws Problem TEMPORAL_UNAVAILABLE, DATABASE_UNAVAILABLE: then it is still to be done
 */
export async function passOn(
  { database, temporal }: { readonly database: Database; readonly temporal: Temporal },
  command: Command<'cancel' | 'terminate'>,
): Promise<PassedOn> {
  const { tenant, executionId, action } = command;
  const standing = await database.asEngine((session) => endIfUnstarted(session, command));
  const neverStarted = standing !== undefined && hasEnded(standing) && standing.runId === null;
  const reason = command.reason ?? `Requested by ${command.requestedBy}`;
  const workflowId = workflowIdOf(tenant, executionId);
  // A start whose answer was lost may have come through: there is nothing in it to clean up yet.
  const outcome = await (action === 'cancel' && !neverStarted ? temporal.cancel : temporal.terminate)(
    workflowId,
    reason,
  );
  if (outcome === 'unknown' && standing?.status === 'pending' && standing.isLeftToAcceptor) return 'later';
  const passedOn = neverStarted || outcome === 'requested' ? 'done' : ERRORS[outcome];
  await database.asEngine(async (session) => {
    if (neverStarted && outcome === 'unknown') await confirmUnstarted(session, tenant, executionId);
    await finishCommand(session, command, passedOn === 'done' ? null : passedOn);
  });
  return passedOn;
}

/**
 * Ends an execution that Temporal hasn't got yet, so that it is never started; the starter, if it starts it at this
 * moment, is waited for, and who has just accepted it keeps it for now. Returns where it stands then.
 */
export async function endIfUnstarted(
  session: Session,
  command: Command<'cancel' | 'terminate'>,
): Promise<Standing | undefined> {
  const { tenant, executionId, action, reason } = command;
  const standing = await lockStanding(session, tenant, executionId);
  if (standing?.status !== 'pending' || standing.runId !== null || standing.isLeftToAcceptor) return standing;
  const code = action === 'cancel' ? 'CANCELLED' : 'TERMINATED';
  const detail = reason ?? 'Ended before it started';
  await endUnstarted(session, { tenant, id: executionId }, { status: 'cancelled', code, detail, isConfirmed: false });
  return findStanding(session, tenant, executionId);
}

const ERRORS = { 'ended before': 'EXECUTION_ENDED', unknown: 'NOT_FOUND' } as const;

/** Whether it has ended for all the mirror was told; a worker's hint alone is not enough. */
export function hasEnded({ status, authority }: Pick<Standing, 'status' | 'authority'>): boolean {
  return authority > 0 && (ENDED_EXECUTION_STATUSES as readonly string[]).includes(status);
}
