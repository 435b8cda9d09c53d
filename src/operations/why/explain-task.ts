import type { OpenTask } from '../../mirror/read-waits.ts';
import type { PendingActivity } from '../../temporal/client.ts';
import { byItself, temporalCli } from './move.ts';
import { isoOf } from './wait.ts';
import type { Move, Wait } from './wait.ts';

/** An activity with the workflow it belongs to: the execution's, or that of one of its shards. */
export type Placed = PendingActivity & { readonly workflowId: string };

export type TaskContext = {
  readonly namespace: string;
  /** Task queues that no worker polls for activities. */
  readonly abandoned: ReadonlySet<string>;
};

/** What a task that calls an executor waits for: its attempt, the next one, a worker, or an operator who paused it. */
export function explainTask(task: OpenTask | undefined, activity: Placed | undefined, context: TaskContext): Wait {
  const path = task?.path ?? activity?.id.split(' ')[0] ?? null;
  const name = activity?.type ?? task?.executor ?? task?.type ?? '';
  if (activity?.pause && !activity.isRunning) return paused(path, name, activity, activity.pause, context);
  if (activity && !activity.isRunning && activity.nextAttemptAt === null) return untaken(path, name, activity, context);
  const isRetry = activity ? !activity.isRunning : task?.status === 'retry';
  return isRetry ? retried(path, name, task, activity, context) : running(path, name, task, activity, context);
}

function paused(
  path: string | null,
  name: string,
  activity: Placed,
  { by, reason, at }: NonNullable<Placed['pause']>,
  { namespace }: TaskContext,
): Wait {
  const because = reason === '' ? '' : ` (${reason})`;
  return {
    path,
    kind: 'operator',
    since: isoOf(at),
    until: null,
    for: `attempt ${ofMany(activity)} of ${name}, paused by an operator of Temporal: ${by}${because}`,
    about: { ...aboutOf(activity), pausedBy: by, reason },
    moves: unpause(activity, namespace),
  };
}

/** It was scheduled, and no worker has taken it. */
function untaken(path: string | null, name: string, activity: Placed, { abandoned }: TaskContext): Wait {
  const { taskQueue, scheduledAt } = activity;
  const isAbandoned = taskQueue !== null && abandoned.has(taskQueue);
  return {
    path,
    kind: 'worker',
    since: isoOf(scheduledAt),
    until: isoOf(activity.expiresAt),
    for: `a worker to take attempt ${ofMany(activity)} of ${name}${isAbandoned ? `: none polls the task queue ${taskQueue}` : ''}`,
    about: aboutOf(activity),
    moves: [isAbandoned ? startWorker(taskQueue) : byItself('a worker of its task queue with a free slot')],
  };
}

function retried(
  path: string | null,
  name: string,
  task: OpenTask | undefined,
  activity: Placed | undefined,
  { namespace }: TaskContext,
): Wait {
  const error =
    activity?.lastFailure ?? (task?.errorCode ? { code: task.errorCode, detail: task.errorDetail ?? '' } : null);
  const next = activity ?? { attempt: (task?.attempt ?? 0) + 1, maxAttempts: mostOf(task) };
  const after = error === null ? '' : `, after ${error.code}: ${error.detail}`;
  const until = isoOf(activity?.nextAttemptAt ?? task?.nextRetryAt);
  return {
    path,
    kind: 'retry',
    since: isoOf(task?.attemptEndedAt),
    until,
    for: `attempt ${ofMany(next)} of ${name}${after}`,
    about: { ...(activity ? aboutOf(activity) : { attempt: next.attempt, maxAttempts: next.maxAttempts }), error },
    moves: [
      byItself(until === null ? 'it is tried again by itself' : `it is tried again by itself at ${until}`),
      ...(activity
        ? [temporalCli('try it at once, as attempt 1', namespace, ['activity', 'reset', ...namesOf(activity)])]
        : []),
    ],
  };
}

function running(
  path: string | null,
  name: string,
  task: OpenTask | undefined,
  activity: Placed | undefined,
  { namespace }: TaskContext,
): Wait {
  // What the workflow does itself has no attempts.
  const isTried = activity !== undefined || task?.attempt != null;
  const attempt = activity ?? { attempt: task?.attempt ?? 1, maxAttempts: mostOf(task) };
  const worker = activity?.worker ?? task?.worker ?? null;
  const startedAt = activity?.startedAt ?? task?.attemptStartedAt?.getTime() ?? task?.startedAt?.getTime() ?? null;
  const ends = [
    ...(activity?.timeout != null && startedAt !== null ? [startedAt + activity.timeout] : []),
    ...(activity?.expiresAt != null ? [activity.expiresAt] : []),
  ];
  const isPaused = activity?.pause ? ', after which it is paused by an operator of Temporal' : '';
  return {
    path,
    kind: 'task',
    since: isoOf(startedAt),
    until: ends.length === 0 ? null : isoOf(Math.min(...ends)),
    for: `the end of ${isTried ? `attempt ${ofMany(attempt)} of ` : ''}${name}${worker === null ? '' : `, at worker ${worker}`}${isPaused}`,
    about: activity ? aboutOf(activity) : { attempt: attempt.attempt, maxAttempts: attempt.maxAttempts, worker },
    moves: [byItself('its end, or its timeout'), ...unpause(activity, namespace)],
  };
}

function unpause(activity: Placed | undefined, namespace: string): readonly Move[] {
  if (!activity?.pause) return [];
  return [temporalCli('let it go on', namespace, ['activity', 'unpause', ...namesOf(activity)])];
}

/** @param queue its task queue */
export function startWorker(queue: string): Move {
  return byItself(`a worker of the task queue ${queue}: start one, \`weft doctor\` says whether it is there`);
}

function aboutOf({ attempt, maxAttempts, worker, taskQueue, workflowId, id, timeout }: Placed) {
  return { attempt, maxAttempts, worker, taskQueue, workflowId, activityId: id, timeoutMs: timeout };
}

function namesOf({ workflowId, id }: Placed): readonly string[] {
  return ['--workflow-id', workflowId, '--activity-id', id];
}

function mostOf(task: OpenTask | undefined): number | null {
  return task?.maxRetries == null ? null : task.maxRetries + 1;
}

function ofMany({ attempt, maxAttempts }: { readonly attempt: number; readonly maxAttempts: number | null }): string {
  return maxAttempts === null ? String(attempt) : `${attempt} of ${maxAttempts}`;
}
