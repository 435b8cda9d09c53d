import type {
  ApprovalState,
  ApprovalTransition,
  ExecutionTransition,
  Json,
  TaskStatus,
  TaskTransition,
  Transition,
} from '../contract.ts';
import type { Fact, HistoryFact, Order, Subject, TaskFact } from './record.ts';
import { EXECUTION_STATE_RANK, TASK_STATE_RANK } from './record.ts';

type Told<Kind> = Kind & Pick<Transition, 'ord' | 'at'>;

/**
 * What a transition says, as facts, with the events of the execution's history. At authority 0 (a live hint) they are
 * ordered by the workflow's clock, at 1 by its counter; their events are the same rows either way.
 */
export function factsOf(subject: Subject, transition: Transition, authority: 0 | 1, runId?: string): readonly Fact[] {
  const { ord, at } = transition;
  // Within one workflow task the clock stands still: the counter parts hints of the same ms.
  const order = { epoch: 0, authority, ord: authority === 1 ? ord : at, attempt: authority === 1 ? 0 : ord };
  switch (transition.kind) {
    case 'task':
      return taskFacts(subject, transition, order);
    case 'execution':
      return executionFacts(subject, transition, order, runId);
    case 'approval':
      return approvalFacts(subject, transition, order);
  }
}

type Base = Omit<Order, 'stateRank'>;

const TASK_EVENTS: { readonly [S in TaskStatus]?: string } = {
  waiting: 'task_waiting',
  retry: 'task_retry',
  success: 'task_completed',
  failed: 'task_failed',
  skipped: 'task_skipped',
  cancelled: 'task_cancelled',
  timeout: 'task_timeout',
};

function taskFacts(subject: Subject, told: Told<TaskTransition>, order: Base): readonly Fact[] {
  const { task, status, attempt, maxAttempts = null, startedAt, error, at } = told;
  const eventType = TASK_EVENTS[status];
  // Field by field: of each task there is one, and an object made of others costs several times as much.
  const fact: { -readonly [Field in keyof TaskFact]: TaskFact[Field] } = {
    tenant: subject.tenant,
    executionId: subject.executionId,
    executionCreatedAt: subject.executionCreatedAt,
    epoch: order.epoch,
    authority: order.authority,
    ord: order.ord,
    kind: 'task',
    task,
    status,
    // Shown beside the greatest that the worker told.
    attempt,
    stateRank: TASK_STATE_RANK[status],
    retryCount: Math.max(attempt - 1, 0),
    maxRetries: maxAttempts === null ? null : maxAttempts - 1,
    local: false,
    startedAt,
    endedAt: told.endedAt,
  };
  if (told.input !== undefined) fact.input = told.input;
  if (told.output !== undefined) fact.result = told.output;
  if (error !== undefined) fact.error = error;
  return [
    fact,
    // Told again at the end: the start of an executor's task is otherwise its worker's to tell.
    ...(startedAt === null ? [] : [taskStarted(subject, task.path, startedAt)]),
    ...(eventType === undefined
      ? []
      : [
          event(subject, eventType, told.endedAt ?? at, {
            path: task.path,
            data: error === undefined ? {} : { error },
          }),
        ]),
  ];
}

/** That the workflow came to a task: one row, whoever tells it and however often. */
export function taskStarted(subject: Subject, path: string, startedAt: number): HistoryFact {
  return event(subject, 'task_started', startedAt, { path });
}

function executionFacts(
  subject: Subject,
  told: Told<ExecutionTransition>,
  order: Base,
  runId: string | undefined,
): readonly Fact[] {
  const { status, startedAt, endedAt, error, pausedBy, at } = told;
  return [
    {
      ...subject,
      ...order,
      kind: 'execution',
      status,
      stateRank: EXECUTION_STATE_RANK[status],
      temporalRunId: runId,
      pausedBy,
      currentPath: told.currentPath,
      waitingFor: told.waitingFor,
      completedTasks: told.completedTasks,
      totalTasks: told.totalTasks,
      startedAt,
      endedAt,
      ...(told.output === undefined ? {} : { output: told.output }),
      ...(error === undefined ? {} : { error }),
    },
    ...executionEvents(subject, told, at),
  ];
}

const END_EVENTS: { readonly [status: string]: string } = {
  success: 'workflow_completed',
  failed: 'workflow_failed',
  cancelled: 'workflow_cancelled',
  timeout: 'workflow_timeout',
};

function executionEvents(subject: Subject, told: Told<ExecutionTransition>, at: number): readonly HistoryFact[] {
  const { status, startedAt, error, command } = told;
  if (command !== undefined) {
    const { action, by, reason } = command;
    const about = { actor: by, data: reason === null ? {} : { reason } };
    return [event(subject, action === 'pause' ? 'workflow_paused' : 'workflow_resumed', at, about)];
  }
  const ended = END_EVENTS[status];
  if (ended !== undefined) return [event(subject, ended, at, { data: error === undefined ? {} : { error } })];
  return status === 'running' && at === startedAt ? [event(subject, 'workflow_started', at, {})] : [];
}

function approvalFacts(subject: Subject, told: Told<ApprovalTransition>, order: Base): readonly Fact[] {
  const { approval } = told;
  // A vote and the decision it makes are one transition, so a later state never has fewer votes.
  const stateRank = approval.votes.length * 2 + (approval.status === 'open' ? 0 : 1);
  return [{ ...subject, ...order, kind: 'approval', stateRank, approval }, ...approvalEvents(subject, told)];
}

/** The state is whole, so every event that led to it can be told again: what is there already stays one row. */
function approvalEvents(subject: Subject, { approval, at }: Told<ApprovalTransition>): readonly HistoryFact[] {
  const { path, votes, claimedBy, claimedAt, status, decidedAt } = approval;
  const told: HistoryFact[] = [];
  const tell = (name: string, when: number, actor: string | null, data: Json = {}): void => {
    const about = { path, actor, data: { approval: approval.id, ...(data as object) } };
    told.push(event(subject, `task_approval_${name}`, when, about, `${approval.id} ${name} ${actor ?? ''}`));
  };
  tell('opened', Date.parse(approval.createdAt), null);
  for (const vote of votes) tell('voted', Date.parse(vote.at), vote.user, { decision: vote.decision });
  if (claimedBy !== null && claimedAt !== null) tell('claimed', Date.parse(claimedAt), claimedBy);
  const escalatedAt = escalationTime(approval);
  if (escalatedAt !== null) tell('escalated', escalatedAt, null);
  if (status !== 'open' && decidedAt !== null) tell(status, Date.parse(decidedAt), approval.decidedBy);
  const explained = told.some((one) => one.at === at);
  if (status === 'open' && claimedBy === null && !explained) tell('released', at, null);
  return told;
}

function escalationTime({ escalatedTo }: ApprovalState): number | null {
  const { at } = (escalatedTo ?? {}) as { readonly at?: unknown };
  const time = typeof at === 'string' ? Date.parse(at) : Number.NaN;
  return Number.isNaN(time) ? null : time;
}

function event(
  subject: Subject,
  eventType: string,
  at: number,
  more: { readonly path?: string; readonly actor?: string | null; readonly data?: Json },
  eventKey = `${more.path ?? ''} ${eventType} ${at}`,
): HistoryFact {
  const { path = null, actor = null, data = {} } = more;
  const { tenant, executionId, executionCreatedAt } = subject;
  return { tenant, executionId, executionCreatedAt, kind: 'history', eventKey, eventType, at, path, actor, data };
}
