import { ActivityFailure, ApplicationFailure, CancelledFailure, TimeoutFailure } from '@temporalio/common';
import type { CancellationScope } from '@temporalio/workflow';
import { describeFailure } from './describe-failure.ts';
import { Cancelled, TaskError } from './outcome.ts';

/** Temporal's failures as the interpreter's: a normal activity wraps the cause, a local one does not. */
export function translateFailure(error: unknown, scope: CancellationScope): unknown {
  const cause = error instanceof ActivityFailure ? (error.cause ?? error) : error;
  if (cause instanceof CancelledFailure) {
    return scope.consideredCancelled
      ? new Cancelled()
      : new TaskError('CANCELLED', 'The activity was cancelled from outside');
  }
  if (cause instanceof TimeoutFailure) return new TaskError('TIMEOUT', timeoutDetail(cause));
  if (cause instanceof ApplicationFailure) {
    const [first] = (cause.details ?? []) as [{ attempt?: unknown }?];
    const attempt = typeof first?.attempt === 'number' ? first.attempt : undefined;
    const { code, detail } = describeFailure(cause);
    return new TaskError(code, detail, { attempt });
  }
  return error;
}

function timeoutDetail(failure: TimeoutFailure): string {
  const kinds: { readonly [kind: string]: string } = {
    START_TO_CLOSE: 'An attempt took too long',
    SCHEDULE_TO_CLOSE: 'All attempts together took too long',
    SCHEDULE_TO_START: 'No worker took it in time',
    HEARTBEAT: 'The worker stopped reporting that it is alive',
  };
  return kinds[String(failure.timeoutType)] ?? failure.message;
}
