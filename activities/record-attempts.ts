import type { Context, Info } from '@temporalio/activity';
import type { ActivityInterceptors } from '@temporalio/worker';
import type { Json, TaskHeader, TaskStatus } from '../src/contract.ts';
import { taskStarted } from '../src/mirror/from-transition.ts';
import type { AttemptFact, Fact, HistoryFact, TaskFact } from '../src/mirror/record.ts';
import { TASK_STATE_RANK } from '../src/mirror/record.ts';
import type { Writer } from '../src/mirror/writer.ts';
import type { BegunAttempts } from './begun-attempts.ts';
import { attemptKey } from './begun-attempts.ts';
import { readTaskHeader, setTask } from './current-task.ts';
import type { Failure } from './describe-failure.ts';
import { describeFailure } from './describe-failure.ts';

/** Most attempts are over by then: what they were while they ran needn't be told. ms */
export const SHORT_MS = 20;

/** Runs an attempt of a task; throws what Temporal is to be told. */
export type Recorder = (
  context: Context,
  header: TaskHeader,
  input: Json,
  run: () => Promise<unknown>,
) => Promise<unknown>;

/**
 * What is around every attempt of every task: tells the mirror that it began and how it ended, and gives every error its
 * name. It waits for nothing, and nothing fails because the mirror did: a local task's commit would hold up the next one,
 * so a workflow task waits once for all of its own (`workflows/mirror-barrier.ts`).
 *
 * @param worker shown with each attempt
 */
export function createRecorder(writer: Pick<Writer, 'record'>, worker: string): Recorder {
  return async (context, header, input, run) => {
    const { info, cancellationSignal } = context;
    const attempt: Attempt = { header, info, worker, input, startedAt: Date.now() };
    setTask(context, header);
    let begin = taskBegan(attempt);
    const timer = setTimeout(() => {
      writer.record([...begin, ...attemptRuns(attempt)]);
      begin = [];
    }, SHORT_MS);
    try {
      const result = await run();
      writer.record([...begin, ...attemptSucceeded(attempt, Date.now(), (result ?? null) as Json)]);
      return result;
    } catch (error) {
      const now = Date.now();
      const reason: unknown = cancellationSignal.aborted ? cancellationSignal.reason : undefined;
      const failure = describeFailure(error, info, header.task.path, reason, now);
      writer.record([...begin, ...attemptFailed(attempt, now, failure)]);
      throw failure.thrown;
    } finally {
      clearTimeout(timer);
    }
  };
}

/** The interceptor that records attempts of what has a task's header; one that has begun in a group or a series it only waits for. */
export function recordAttempts(record: Recorder, begun: BegunAttempts): (context: Context) => ActivityInterceptors {
  return (context) => ({
    inbound: {
      execute: async (input, next) => {
        const { info, cancellationSignal } = context;
        const header = readTaskHeader(input.headers, info);
        if (header === undefined) return await next(input);
        const attempt = info.isLocal && info.attempt === 1 ? begun.take(keyOf(info, header)) : undefined;
        if (!attempt) return await record(context, header, (input.args[0] ?? null) as Json, () => next(input));
        const cancel = (): void => attempt.cancel(cancellationSignal.reason);
        if (cancellationSignal.aborted) cancel();
        cancellationSignal.addEventListener('abort', cancel);
        return await attempt.outcome;
      },
    },
  });
}

function keyOf({ workflowExecution }: Info, { task }: TaskHeader): string {
  return attemptKey(workflowExecution?.runId ?? '', task.path);
}

type Attempt = {
  readonly header: TaskHeader;
  readonly info: Info;
  readonly worker: string;
  readonly input: Json;
  /** ms */
  readonly startedAt: number;
};

/** Settles ties between the writes of one attempt. */
const ATTEMPT_RANK: { readonly [S in AttemptFact['status']]: number } = {
  running: 1,
  success: 4,
  failed: 4,
  timeout: 5,
  cancelled: 5,
  lost: 6,
};

function taskBegan({ header, info }: Attempt): readonly Fact[] {
  return info.attempt > 1 ? [] : [taskStarted(subjectOf(header), header.task.path, header.startedAt)];
}

function attemptRuns(attempt: Attempt): readonly Fact[] {
  return [attemptFact(attempt, 'running', null), taskFact(attempt, 'running', null, {})];
}

function attemptSucceeded(attempt: Attempt, endedAt: number, result: Json): readonly Fact[] {
  return [attemptFact(attempt, 'success', endedAt), taskFact(attempt, 'success', endedAt, { result })];
}

function attemptFailed(attempt: Attempt, endedAt: number, failure: Failure): readonly Fact[] {
  const { status, error, isRetried, nextRetryAt } = failure;
  const facts = [
    { ...attemptFact(attempt, status, endedAt), error, retryable: isRetried, nextRetryAt },
    isRetried ? taskFact(attempt, 'retry', null, { error }) : taskFact(attempt, status, endedAt, { error }),
  ];
  if (!isRetried) return facts;
  const data: Json = { error, nextRetryAt: nextRetryAt === null ? null : new Date(nextRetryAt).toISOString() };
  return [...facts, event(attempt, 'task_retry', endedAt, data)];
}

/** When this attempt was scheduled, ms: of local ones that time never moves, so the attempt's number decides. */
function ordOf({ isLocal, scheduledTimestampMs, currentAttemptScheduledTimestampMs }: Info): number {
  return Math.floor(isLocal ? scheduledTimestampMs : currentAttemptScheduledTimestampMs);
}

function subjectOf({ tenant, executionId, executionCreatedAt }: TaskHeader) {
  return { tenant, executionId, executionCreatedAt };
}

function attemptFact(
  { header, info, worker, startedAt }: Attempt,
  status: AttemptFact['status'],
  endedAt: number | null,
): AttemptFact {
  // Field by field: of each attempt there is one, and an object made of others costs several times as much.
  return {
    tenant: header.tenant,
    executionId: header.executionId,
    executionCreatedAt: header.executionCreatedAt,
    kind: 'attempt',
    epoch: 0,
    authority: 0,
    ord: ordOf(info),
    attempt: info.attempt,
    stateRank: ATTEMPT_RANK[status],
    path: header.task.path,
    runId: info.workflowExecution?.runId ?? '',
    status,
    retryable: null,
    nextRetryAt: null,
    worker,
    local: info.isLocal,
    startedAt,
    endedAt,
  };
}

function taskFact(
  { header, info, input }: Attempt,
  status: TaskStatus,
  endedAt: number | null,
  { result, error }: Pick<TaskFact, 'result' | 'error'>,
): TaskFact {
  const fact: { -readonly [Field in keyof TaskFact]: TaskFact[Field] } = {
    tenant: header.tenant,
    executionId: header.executionId,
    executionCreatedAt: header.executionCreatedAt,
    kind: 'task',
    epoch: 0,
    authority: 0,
    ord: ordOf(info),
    attempt: info.attempt,
    stateRank: TASK_STATE_RANK[status],
    task: header.task,
    status,
    retryCount: info.attempt - 1,
    maxRetries: header.maxAttempts === null ? null : header.maxAttempts - 1,
    input,
    error,
    local: info.isLocal,
    startedAt: header.startedAt,
    endedAt,
  };
  if (result !== undefined) fact.result = result;
  return fact;
}

function event({ header, info }: Attempt, eventType: string, at: number, data: Json): HistoryFact {
  const { path } = header.task;
  const eventKey = `${path} ${eventType} ${ordOf(info)} ${info.attempt}`;
  return { ...subjectOf(header), kind: 'history', eventKey, eventType, at, path, actor: null, data };
}
