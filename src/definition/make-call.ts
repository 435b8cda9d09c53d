import { parseDuration } from '../plan/duration.ts';
import type { ExecutorCall, Retry } from '../plan/plan.ts';
import type { CatalogEntry } from './catalog-entry.ts';
import { present } from './present.ts';
import type { Definition } from './schema.ts';
import type { RetryDefinition } from './schema/fields.ts';
import type { CallDefinition } from './schema/task-base.ts';

/** The engine's, where nobody says anything. */
const TIMEOUT_MS = 60_000;
const RETRY: Retry = {
  maxAttempts: 3,
  initialInterval: 1_000,
  backoffCoefficient: 2,
  maximumInterval: 60_000,
  nonRetryable: [],
};

/** What a call goes over. */
export type CallMaking = {
  readonly catalog: ReadonlyMap<string, CatalogEntry>;
  readonly defaults: NonNullable<Definition['defaults']>;
};

/** What is written goes over the definition's defaults, these over the executor's, these over the engine's. */
export function makeCall(call: CallDefinition, { catalog, defaults }: CallMaking): ExecutorCall {
  const own = ownDefaults(ownEntryOf(call, catalog));
  return {
    executor: call.executor,
    with: call.with ?? {},
    ...present({
      taskQueue: call.taskQueue,
      heartbeatTimeout: call.heartbeatTimeout ?? defaults.heartbeatTimeout ?? own.heartbeatTimeout,
    }),
    timeout: call.timeout ?? defaults.timeout ?? own.timeout ?? TIMEOUT_MS,
    retry: makeRetry(own.retry, defaults.retry, call.retry),
  };
}

/** What the catalog says of what is called; on another task queue the name is somebody else's. */
export function ownEntryOf(
  { executor, taskQueue }: CallDefinition,
  catalog: CallMaking['catalog'],
): CatalogEntry | undefined {
  return taskQueue === undefined ? catalog.get(executor) : undefined;
}

/** Each goes over the one before, the first over the engine's. */
export function makeRetry(...layers: readonly (RetryDefinition | undefined)[]): Retry {
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
