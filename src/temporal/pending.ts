import proto from '@temporalio/proto';
import type { temporal } from '@temporalio/proto';
import { isNotFound } from './as-problem.ts';
import type { Link } from './link.ts';
import { toDurationMs, toMs } from './proto-values.ts';

type Activity = temporal.api.workflow.v1.IPendingActivityInfo;
type Task = temporal.api.workflow.v1.IPendingWorkflowTaskInfo;

/** A pause that an operator of Temporal gave; `at` in ms. */
export type OperatorPause = { readonly by: string; readonly reason: string; readonly at: number | null };

/** An activity that has not ended. Times in ms by Temporal's clock, lengths in ms. */
export type PendingActivity = {
  /** The path of its task, but for the engine's own calls and what is longer than Temporal allows. */
  readonly id: string;
  /** Executor, or one of the engine's own calls. */
  readonly type: string;
  /** Running at a worker; otherwise it waits for one, or for its next attempt. */
  readonly isRunning: boolean;
  /** Number of the attempt that runs or is next, from 1; starts again when an operator resets it. */
  readonly attempt: number;
  /** Null = unlimited. */
  readonly maxAttempts: number | null;
  readonly scheduledAt: number | null;
  readonly startedAt: number | null;
  /** Null unless it waits for its next attempt. */
  readonly nextAttemptAt: number | null;
  /** Identity of who ran it last. */
  readonly worker: string | null;
  readonly lastFailure: { readonly code: string; readonly detail: string } | null;
  readonly taskQueue: string | null;
  /** Of one attempt. */
  readonly timeout: number | null;
  /** Of all attempts together. */
  readonly expiresAt: number | null;
  readonly pause: OperatorPause | null;
};

/** What Temporal itself waits for in an open run. */
export type PendingWork = {
  readonly runId: string;
  readonly isOpen: boolean;
  readonly closedAt: number | null;
  readonly isCancelRequested: boolean;
  readonly taskQueue: string;
  readonly activities: readonly PendingActivity[];
  /** The workflow's next step; `failure` is set where it fails again and again. */
  readonly workflowTask: {
    readonly attempt: number;
    readonly isRunning: boolean;
    readonly since: number | null;
    readonly failure: string | null;
  } | null;
  readonly pause: OperatorPause | null;
  /** Workflow ids of open child workflows: the shards of large `foreach`. */
  readonly children: readonly string[];
};

const PATIENCE_MS = 3_000;
const {
  PENDING_ACTIVITY_STATE_STARTED,
  PENDING_ACTIVITY_STATE_CANCEL_REQUESTED,
  PENDING_ACTIVITY_STATE_PAUSE_REQUESTED,
} = proto.temporal.api.enums.v1.PendingActivityState;
const RUNNING: readonly unknown[] = [
  PENDING_ACTIVITY_STATE_STARTED,
  PENDING_ACTIVITY_STATE_CANCEL_REQUESTED,
  PENDING_ACTIVITY_STATE_PAUSE_REQUESTED,
];
const TASK_STARTED = proto.temporal.api.enums.v1.PendingWorkflowTaskState.PENDING_WORKFLOW_TASK_STATE_STARTED;
/** A task that fails again leaves no event beside its first failure. */
const LAST_EVENTS = 5;

/**
 * What the latest run of a workflow waits for, undefined when Temporal doesn't know it.
 * @throws Problem TEMPORAL_UNAVAILABLE
 */
export async function readPending(link: Link, workflowId: string): Promise<PendingWork | undefined> {
  try {
    return await link.within(PATIENCE_MS, async () => {
      const { namespace, service } = link;
      const described = await service.describeWorkflowExecution({ namespace, execution: { workflowId } });
      const { workflowExecutionInfo: info, workflowExtendedInfo: more, pendingWorkflowTask: task } = described;
      const runId = info?.execution?.runId ?? '';
      const isFailing = (task?.attempt ?? 0) > 1;
      const closedAt = toMs(info?.closeTime);
      return {
        runId,
        isOpen: closedAt === null,
        closedAt,
        isCancelRequested: more?.cancelRequested ?? false,
        taskQueue: described.executionConfig?.taskQueue?.name ?? info?.taskQueue ?? link.taskQueue,
        activities: described.pendingActivities.map(activityOf),
        workflowTask: task ? taskOf(task, isFailing ? await failureOf(link, workflowId, runId) : null) : null,
        pause: pauseOf(more?.pauseInfo, more?.pauseInfo?.pausedTime),
        children: described.pendingChildren.map(({ workflowId: id }) => id ?? ''),
      };
    });
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

function activityOf(activity: Activity): PendingActivity {
  const { activityOptions: options, pauseInfo, lastFailure } = activity;
  const code =
    lastFailure?.applicationFailureInfo?.type || (lastFailure?.timeoutFailureInfo ? 'TIMEOUT' : 'EXECUTOR_FAILED');
  return {
    id: activity.activityId ?? '',
    type: activity.activityType?.name ?? '',
    isRunning: RUNNING.includes(activity.state),
    attempt: activity.attempt || 1,
    maxAttempts: activity.maximumAttempts || null,
    scheduledAt: toMs(activity.scheduledTime),
    startedAt: toMs(activity.lastStartedTime),
    nextAttemptAt: toMs(activity.nextAttemptScheduleTime),
    worker: activity.lastWorkerIdentity || null,
    lastFailure: lastFailure ? { code, detail: lastFailure.message ?? '' } : null,
    taskQueue: options?.taskQueue?.name || null,
    timeout: toDurationMs(options?.startToCloseTimeout),
    expiresAt: toMs(activity.expirationTime),
    pause: activity.paused ? pauseOf(pauseInfo?.manual ?? pauseInfo?.rule ?? {}, pauseInfo?.pauseTime) : null,
  };
}

function taskOf({ attempt, state, scheduledTime, originalScheduledTime }: Task, failure: string | null) {
  return {
    attempt: attempt ?? 1,
    isRunning: state === TASK_STARTED,
    since: toMs(originalScheduledTime ?? scheduledTime),
    failure,
  };
}

function pauseOf(
  pause: { readonly identity?: string | null; readonly reason?: string | null } | null | undefined,
  at: Parameters<typeof toMs>[0],
): OperatorPause | null {
  return pause ? { by: pause.identity ?? '', reason: pause.reason ?? '', at: toMs(at) } : null;
}

async function failureOf({ service, namespace }: Link, workflowId: string, runId: string): Promise<string> {
  const { history } = await service.getWorkflowExecutionHistoryReverse({
    namespace,
    execution: { workflowId, runId },
    maximumPageSize: LAST_EVENTS,
  });
  for (const event of history?.events ?? []) {
    const failed = event.workflowTaskFailedEventAttributes;
    if (failed) return failed.failure?.message || 'It failed without a message';
    if (event.workflowTaskTimedOutEventAttributes) return 'The worker did not answer in time';
  }
  return 'It failed without a message';
}
