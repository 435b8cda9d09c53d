import type { Retry } from './plan.ts';

/** A task's retries as Temporal's policy says them; ms. */
export function retryPolicyOf(retry: Retry) {
  return {
    // Temporal's own word for unlimited.
    maximumAttempts: retry.maxAttempts || Infinity,
    initialInterval: retry.initialInterval,
    backoffCoefficient: retry.backoffCoefficient,
    maximumInterval: Math.max(retry.maximumInterval, retry.initialInterval),
    nonRetryableErrorTypes: [...retry.nonRetryable],
  };
}
