import { parseDuration } from '../plan/duration.ts';
import type { Retry, TaskOf } from '../plan/plan.ts';
import type { CatalogEntry } from './catalog-entry.ts';
import type { TaskMaking } from './make-task.ts';
import { present } from './present.ts';
import type { RetryDefinition } from './schema/fields.ts';
import type { TaskDefinition } from './schema/tasks.ts';

/** The engine's, where nobody says anything. */
const TIMEOUT_MS = 60_000;
const RETRY: Retry = {
  maxAttempts: 3,
  initialInterval: 1_000,
  backoffCoefficient: 2,
  maximumInterval: 60_000,
  nonRetryable: [],
};

type Written = TaskDefinition & { type: 'executor' };
type Base = Pick<TaskOf<'executor'>, 'id' | 'type' | 'after' | 'order' | 'keep' | 'size'>;

/** A task goes over the definition's defaults, these over the executor's, these over the engine's. */
export function makeExecutorTask(
  task: Written,
  base: Base,
  { catalog, decisions, defaults }: TaskMaking,
): TaskOf<'executor'> {
  const entry = task.taskQueue === undefined ? catalog.get(task.executor) : undefined;
  const own = ownDefaults(entry);
  const retry = retryOf([own.retry, defaults.retry, task.retry]);
  // Beside a timer or people it would freeze them; without a limit of attempts nothing would ever end it.
  const mayBeLocal =
    task.taskQueue === undefined && retry.maxAttempts > 0 && decisions.get(task.id)?.hasClockBeside !== true;
  return {
    ...base,
    executor: task.executor,
    with: task.with ?? {},
    ...present({
      taskQueue: task.taskQueue,
      heartbeatTimeout: task.heartbeatTimeout ?? defaults.heartbeatTimeout ?? own.heartbeatTimeout,
    }),
    timeout: task.timeout ?? defaults.timeout ?? own.timeout ?? TIMEOUT_MS,
    retry,
    local: mayBeLocal && (task.local ?? entry?.local ?? false),
  };
}

function retryOf(layers: readonly (RetryDefinition | undefined)[]): Retry {
  const retry = layers.reduce<Retry>((below, layer) => ({ ...below, ...present(layer ?? {}) }), RETRY);
  // Temporal refuses a longest wait under the first one; here they may come from different layers.
  return { ...retry, maximumInterval: Math.max(retry.maximumInterval, retry.initialInterval) };
}

/** What an executor declares, its durations in ms. */
function ownDefaults(entry: CatalogEntry | undefined) {
  const { timeout, heartbeatTimeout, retry = {} } = entry?.defaults ?? {};
  const { maxAttempts, initialInterval, backoffCoefficient, maximumInterval, nonRetryable } = retry;
  return {
    timeout: parseDuration(timeout),
    heartbeatTimeout: parseDuration(heartbeatTimeout),
    retry: {
      maxAttempts,
      initialInterval: parseDuration(initialInterval),
      backoffCoefficient,
      maximumInterval: parseDuration(maximumInterval),
      nonRetryable: nonRetryable && [...nonRetryable],
    },
  };
}
