import { workflowIdOf } from '../ids.ts';
import { dropUnknown, forgetAttempts } from '../mirror/close-executions.ts';
import { findEnd } from '../mirror/read-unconfirmed.ts';
import type { ExecutionKey } from '../mirror/read-unconfirmed.ts';
import { closeRows } from './close-rows.ts';
import type { ConfirmParts } from './confirm.ts';
import { confirmExecution } from './confirm.ts';
import { foldChain } from './fold-chain.ts';
import { reopen } from './reopen.ts';
import { repair } from './repair.ts';
import { endOf, factsOf } from './run-end.ts';
import type { Verification } from './verify-execution.ts';
import { isUnfolded, verifyExecution } from './verify-execution.ts';
import { writeFacts } from './write-facts.ts';

/** What was different, and what still is. */
export type Repair = { readonly before: Verification; readonly after: Verification };

/**
 * Makes the mirror of one execution what Temporal's history says, whatever stands there: also what was confirmed, and
 * what nobody but an operator can have written. Undefined where neither has it.
 * @throws NotWritten, Problem TEMPORAL_UNAVAILABLE, DATABASE_UNAVAILABLE
 */
export async function repairExecution(parts: ConfirmParts, key: ExecutionKey): Promise<Repair | undefined> {
  const before = await verifyExecution(parts, key);
  if (!before || before.agrees || before.state === 'forgotten') return before && { before, after: before };
  if (before.state === 'ended') {
    await rewrite(parts, key);
    return { before, after: (await verifyExecution(parts, key)) ?? before };
  }
  await tellAgain(parts, key);
  const told = (await verifyExecution(parts, key)) ?? before;
  if (told.agrees || told.state !== 'open' || isUnfolded(told)) return { before, after: told };
  await follow(parts, key);
  return { before, after: (await verifyExecution(parts, key)) ?? told };
}

/** Of one that runs on, what its history has ended. */
async function tellAgain(parts: ConfirmParts, key: ExecutionKey): Promise<void> {
  const workflowId = workflowIdOf(key.tenant, key.id);
  const run = await parts.temporal.describe(workflowId);
  if (!run) return;
  const { runs } = await parts.temporal.chain(workflowId, run.runId);
  const of = { chain: runs.map(({ runId }) => runId), end: undefined };
  for await (const facts of foldChain(parts, key, of, () => undefined)) await writeFacts(parts.writer, facts);
}

/**
 * Of one that runs on where the mirror was told more than its history has, as by a workflow task that Temporal didn't take
 * after all: a decision, an end. From here on it counts as another history.
 */
async function follow(parts: ConfirmParts, key: ExecutionKey): Promise<void> {
  const run = await parts.temporal.describe(workflowIdOf(key.tenant, key.id));
  if (run?.closeTime === null) await reopen(parts, key, { runId: run.runId, once: false });
}

/** Of one that has ended: all of it again, as another history (`epoch`) that wins over what stands there. */
async function rewrite(parts: ConfirmParts, key: ExecutionKey): Promise<void> {
  const { database, temporal } = parts;
  await confirmExecution(parts, key);
  const still = await verifyExecution(parts, key);
  if (!still || still.agrees || isUnfolded(still)) return;
  const workflowId = workflowIdOf(key.tenant, key.id);
  const run = await temporal.describe(workflowId);
  const closed = run && (await temporal.closeResult(workflowId, run.runId));
  const mirrored = await database.readAsEngine((session) => findEnd(session, key));
  if (!run || !closed || !mirrored) return;
  const { runs, isWhole } = await temporal.chain(workflowId, run.runId);
  const end = { ...endOf(mirrored, run, closed, runs.length), epoch: mirrored.epoch + 1 };
  await database.asEngine((session) => forgetAttempts(session, end));
  const isFolded = await repair(
    parts,
    end,
    runs.map(({ runId }) => runId),
  );
  if (isFolded && isWhole) await database.asEngine((session) => dropUnknown(session, end));
  await closeRows(database, [{ ...end, isFolded: isFolded && isWhole }]);
  await writeFacts(parts.writer, factsOf(mirrored, closed, end, runs[0]?.startTime ?? run.startTime));
}
