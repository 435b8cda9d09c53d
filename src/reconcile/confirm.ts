import { workflowIdOf } from '../ids.ts';
import type { ErrorInfo } from '../contract.ts';
import type { Logger } from '../log.ts';
import { ordOf } from '../mirror/close-execution.ts';
import type { RunEnd } from '../mirror/close-execution.ts';
import { findEnd } from '../mirror/read-unconfirmed.ts';
import type { ExecutionKey, MirroredEnd } from '../mirror/read-unconfirmed.ts';
import { EXECUTION_STATE_RANK } from '../mirror/record.ts';
import type { ExecutionFact, Fact } from '../mirror/record.ts';
import type { Writer } from '../mirror/writer.ts';
import { Problem } from '../problem.ts';
import type { Database } from '../store/database.ts';
import type { Closed, Described, Temporal } from '../temporal/client.ts';
import { closeRows } from './close-rows.ts';
import { repair } from './repair.ts';
import type { Replayer } from './replayer.ts';
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

/** A run as Temporal lists or describes it. */
type EndedRun = Pick<Described, 'runId' | 'startTime' | 'closeTime'>;

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
  let mirrored = await database.asEngine((session) => findEnd(session, key));
  if (!mirrored) return 'unmirrored';
  const isListed = listed !== undefined && listed.runId === mirrored.runId;
  const run = isListed ? listed : await temporal.describe(workflowId);
  if (!run) return 'unknown';
  if (run.closeTime === null) return 'open';
  if (mirrored.authority === 2 && mirrored.confirmedRunId === run.runId) return 'confirmed';
  const closed = await temporal.closeResult(workflowId, run.runId);
  if (!closed) return 'open';
  if (!agrees(mirrored, closed)) {
    // A reset ends one run for another: only the latest counts.
    if (isListed) return confirmExecution(parts, key);
    await settle(closed);
    mirrored = (await database.asEngine((session) => findEnd(session, key))) ?? mirrored;
  }
  if (closed.byTemporal) await temporal.endShards(workflowId, 'Its execution was ended');
  const isTold = agrees(mirrored, closed);
  const chain = isTold ? [run] : await temporal.chain(workflowId, run.runId);
  const end = endOf(mirrored, run, closed, chain.length);
  if (!isTold) {
    await repair(
      parts,
      end,
      chain.map(({ runId }) => runId),
    );
    parts.lookAgain(end);
  }
  await closeRows(database, end);
  await writeFacts(parts.writer, factsOf(mirrored, closed, end, chain[0]?.startTime ?? run.startTime));
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

/** The workflow itself told the mirror this end, and how each task ended. */
function agrees({ status, authority, untoldTasks, endedAt }: MirroredEnd, closed: Closed): boolean {
  const isLastWord = closed.decidedFrom === null || (endedAt?.getTime() ?? 0) >= closed.decidedFrom;
  return authority === 1 && status === closed.status && untoldTasks === 0 && isLastWord;
}

async function settle({ closeTime }: Closed): Promise<void> {
  const left = SETTLING_MS - Math.abs(Date.now() - closeTime);
  if (left > 0) await new Promise((resolve) => setTimeout(resolve, left));
}

/** @param runs how many are folded, each with a number of its own */
function endOf(mirrored: MirroredEnd, run: EndedRun, closed: Closed, runs: number): RunEnd {
  const isKnown = mirrored.confirmedRunId === run.runId;
  return {
    tenant: mirrored.tenant,
    executionId: mirrored.id,
    runId: run.runId,
    runNumber: isKnown ? mirrored.runNumber : mirrored.runNumber + Math.max(runs, 1),
    epoch: mirrored.epoch,
    lastEventId: closed.lastEventId,
    closedAt: new Date(closed.closeTime).toISOString(),
    leftOver: leftOverOf(closed.error),
  };
}

/** A task that is open when all is over was cut off; in one that failed or succeeded it was cancelled by that. */
function leftOverOf(error: ErrorInfo | null): RunEnd['leftOver'] {
  const isCut = error !== null && ['TERMINATED', 'TIMEOUT'].includes(error.code) && error.task === undefined;
  return isCut ? { code: error.code, detail: error.detail } : { code: 'CANCELLED', detail: 'Cancelled' };
}

/** @param began when its first run did, ms */
function factsOf(mirrored: MirroredEnd, closed: Closed, end: RunEnd, began: number): readonly Fact[] {
  const { tenant, id: executionId, createdAt, startedAt, endedAt } = mirrored;
  const subject = { tenant, executionId, executionCreatedAt: createdAt.toISOString() };
  const isTold = agrees(mirrored, closed);
  const fact: ExecutionFact = {
    ...subject,
    kind: 'execution',
    epoch: end.epoch,
    authority: 2,
    ord: ordOf(end),
    attempt: 0,
    stateRank: EXECUTION_STATE_RANK[closed.status],
    status: closed.status,
    temporalRunId: end.runId,
    ...(closed.error ? { error: closed.error } : { output: closed.output }),
    ...(!closed.error && mirrored.totalTasks !== null && { completedTasks: mirrored.totalTasks }),
    startedAt: startedAt?.getTime() ?? began,
    // The workflow's own clock, where it came to tell it.
    endedAt: isTold && endedAt ? endedAt.getTime() : closed.closeTime,
  };
  // What the run itself decided is in its own words.
  if (!closed.byTemporal) return [fact];
  const eventType = closed.status === 'timeout' ? 'workflow_timeout' : 'workflow_terminated';
  const data = closed.error ? { error: closed.error } : {};
  const about = { eventType, eventKey: ` ${eventType} ${closed.closeTime}`, at: closed.closeTime, path: null };
  return [fact, { ...subject, kind: 'history', ...about, actor: null, data }];
}
