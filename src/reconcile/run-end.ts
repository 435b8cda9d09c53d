import type { ErrorInfo } from '../contract.ts';
import { ordOf } from '../mirror/close-executions.ts';
import type { RunEnd } from '../mirror/close-executions.ts';
import type { MirroredEnd } from '../mirror/read-unconfirmed.ts';
import { approvalsAgree } from './approvals-agree.ts';
import { EXECUTION_STATE_RANK } from '../mirror/record.ts';
import type { ExecutionFact, Fact } from '../mirror/record.ts';
import type { Closed, Described } from '../temporal/client.ts';

/** A run as Temporal lists or describes it. */
export type EndedRun = Pick<Described, 'runId' | 'startTime' | 'closeTime'>;

/** As far as the mirror itself knows, it was told all by the workflow. */
export function mayAgree({ authority, untoldTasks }: MirroredEnd): boolean {
  return authority === 1 && untoldTasks === 0;
}

/**
 * The workflow itself told the mirror this end, and how each task ended, and nothing of that more than once: what it tells
 * again, after Temporal refused the first time, has other times and the same place in its order.
 */
export function agrees(mirrored: MirroredEnd, closed: Closed): boolean {
  const isLastWord = closed.decidedFrom === null || (mirrored.endedAt?.getTime() ?? 0) >= closed.decidedFrom;
  const isTold = mayAgree(mirrored) && mirrored.status === closed.status && isLastWord && !closed.isRetold;
  return isTold && approvalsAgree(mirrored.approvals, closed.answered);
}

/**
 * Where a run ended, as the mirror orders it.
 * @param runs how many are folded, each with a number of its own
 */
export function endOf(
  mirrored: MirroredEnd,
  run: Pick<EndedRun, 'runId'>,
  closed: Pick<Closed, 'lastEventId' | 'closeTime' | 'error'>,
  runs: number,
): RunEnd {
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
    isFolded: null,
  };
}

/** A task that is open when all is over was cut off; in one that failed or succeeded it was cancelled by that. */
function leftOverOf(error: ErrorInfo | null): RunEnd['leftOver'] {
  const isCut = error !== null && ['TERMINATED', 'TIMEOUT'].includes(error.code) && error.task === undefined;
  return isCut ? { code: error.code, detail: error.detail } : { code: 'CANCELLED', detail: 'Cancelled' };
}

/**
 * The execution's own end at authority 2, and its event where Temporal ended it.
 * @param began when its first run did, ms
 */
export function factsOf(mirrored: MirroredEnd, closed: Closed, end: RunEnd, began: number): readonly Fact[] {
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
