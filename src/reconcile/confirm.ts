import { workflowIdOf } from '../ids.ts';
import type { Logger } from '../log.ts';
import type { RunEnd } from '../mirror/close-executions.ts';
import { findEnd } from '../mirror/read-unconfirmed.ts';
import type { ExecutionKey } from '../mirror/read-unconfirmed.ts';
import type { Writer } from '../mirror/writer.ts';
import { Problem } from '../problem.ts';
import type { Database } from '../store/database.ts';
import type { Closed, Temporal } from '../temporal/client.ts';
import { closeRows } from './close-rows.ts';
import { repair } from './repair.ts';
import type { Replayer } from './replayer.ts';
import type { EndedRun } from './run-end.ts';
import { agrees, endOf, factsOf } from './run-end.ts';
import { writeFacts } from './write-facts.ts';

export type ConfirmParts = {
  readonly database: Database;
  readonly temporal: Temporal;
  readonly writer: Writer;
  readonly replayer: Replayer;
  /** Closes later what workers that don't know of the end may still bring in. */
  readonly lookAgain: (end: RunEnd) => void;
  readonly log: Logger;
};

/** `open`: it runs. `confirmed`: the mirror ends as Temporal does. `unknown` to Temporal, `unmirrored` here. */
export type Confirmation = 'open' | 'confirmed' | 'unknown' | 'unmirrored';

/** What a worker recorded just before the end is on its way so long, ms. */
const SETTLING_MS = 300;

/**
 * Asks Temporal how an execution ended and makes the mirror end like that, at authority 2. What the mirror was told by
 * the workflow itself and what agrees is confirmed as it is; anything else is folded from its runs' histories.
 * @throws Problem TEMPORAL_UNAVAILABLE, DATABASE_UNAVAILABLE
 */
export async function confirmExecution(
  parts: ConfirmParts,
  key: ExecutionKey,
  listed?: EndedRun,
): Promise<Confirmation> {
  const { database, temporal } = parts;
  const workflowId = workflowIdOf(key.tenant, key.id);
  let mirrored = await database.readAsEngine((session) => findEnd(session, key));
  if (!mirrored) return 'unmirrored';
  const isListed = listed !== undefined && listed.runId === mirrored.runId;
  const run = isListed ? listed : await temporal.describe(workflowId);
  if (!run) return 'unknown';
  if (run.closeTime === null) return 'open';
  if (mirrored.authority === 2 && mirrored.confirmedRunId === run.runId) return 'confirmed';
  const closed = await temporal.closeResult(workflowId, run.runId, mirrored.approvals.length > 0);
  if (!closed) return 'open';
  if (!agrees(mirrored, closed)) {
    // A reset ends one run for another: only the latest counts.
    if (isListed) return confirmExecution(parts, key);
    await settle(closed);
    mirrored = (await database.readAsEngine((session) => findEnd(session, key))) ?? mirrored;
  }
  if (closed.byTemporal) await temporal.endShards(workflowId, run.runId, 'Its execution was ended');
  const isTold = agrees(mirrored, closed);
  const { runs, isWhole } = isTold ? { runs: [run], isWhole: true } : await temporal.chain(workflowId, run.runId);
  let end = endOf(mirrored, run, closed, runs.length);
  if (!isTold) {
    const isFolded = await repair(
      parts,
      end,
      runs.map(({ runId }) => runId),
    );
    end = { ...end, isFolded: isFolded && isWhole };
    parts.lookAgain(end);
  }
  await closeRows(database, [end]);
  await writeFacts(parts.writer, factsOf(mirrored, closed, end, runs[0]?.startTime ?? run.startTime));
  return 'confirmed';
}

/**
 * The same for one of many: a defect of one execution is logged and doesn't keep the others waiting.
 * @throws Problem TEMPORAL_UNAVAILABLE, DATABASE_UNAVAILABLE
 */
export async function confirmOneOfMany(
  parts: ConfirmParts,
  key: ExecutionKey,
  listed?: EndedRun,
): Promise<Confirmation> {
  try {
    return await confirmExecution(parts, key, listed);
  } catch (error) {
    if (error instanceof Problem) throw error;
    parts.log.error({ err: error, execution: key.id }, 'an execution could not be compared with Temporal');
    return 'open';
  }
}

async function settle({ closeTime }: Closed): Promise<void> {
  const left = SETTLING_MS - Math.abs(Date.now() - closeTime);
  if (left > 0) await new Promise((resolve) => setTimeout(resolve, left));
}
