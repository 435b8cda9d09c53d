import type { Info } from '@temporalio/activity';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import type { ErrorInfo } from '../src/contract.ts';
import { cutText } from '../src/mirror/clean.ts';
import { MAX_DETAIL } from '../src/mirror/task-rows.ts';
import { ExecutorError } from './define-executor.ts';

/** How an attempt failed: what Temporal is told and what the mirror shows. */
export type Failure = {
  /** To be thrown. */
  readonly thrown: Error;
  readonly status: 'failed' | 'timeout' | 'cancelled';
  readonly error: ErrorInfo;
  /** Whether the task is tried again. */
  readonly isRetried: boolean;
  /** ms */
  readonly nextRetryAt: number | null;
};

type Attempt = Pick<Info, 'attempt' | 'retryPolicy' | 'scheduledTimestampMs' | 'scheduleToCloseTimeoutMs'>;

/** @param cancelled what the attempt's signal was aborted with */
export function describeFailure(error: unknown, info: Attempt, path: string, cancelled: unknown, now: number): Failure {
  const reason = cancelled instanceof CancelledFailure ? cancelled.message : undefined;
  if (!(cancelled instanceof CancelledFailure) || reason === 'WORKER_SHUTDOWN') {
    const cause = reason === undefined ? nameError(error) : named('WORKER_SHUTDOWN', 'The worker was stopped', error);
    return failure(toApplicationFailure(cause, info), cause, info, path, now);
  }
  if (reason === 'TIMED_OUT') return failure(cancelled, named('TIMEOUT', 'An attempt took too long'), info, path, now);
  return {
    thrown: cancelled,
    status: 'cancelled',
    error: { code: 'CANCELLED', detail: 'Cancelled', task: path, attempt: info.attempt },
    // An operator who pauses or resets the activity itself lets it run again.
    isRetried: reason === 'PAUSED' || reason === 'RESET',
    nextRetryAt: null,
  };
}

function failure(thrown: Error, cause: ExecutorError, info: Attempt, path: string, now: number): Failure {
  const nextRetryAt = nextRetry(cause, info, now);
  return {
    thrown,
    status: cause.code === 'TIMEOUT' ? 'timeout' : 'failed',
    error: { code: cause.code, detail: cause.message, task: path, attempt: info.attempt },
    isRetried: nextRetryAt !== null,
    nextRetryAt,
  };
}

const named = (code: string, detail: string, cause?: unknown) => new ExecutorError(code, detail, { cause });

/** Any error as a named one: by its `code` (or a failure's type) where that is UPPER_SNAKE, else `EXECUTOR_FAILED`. */
function nameError(error: unknown): ExecutorError {
  const message = cutText(error instanceof Error ? error.message : String(error), MAX_DETAIL);
  if (error instanceof ExecutorError) {
    const { code, retryable, retryAfter } = error;
    return keepStack(
      error,
      new ExecutorError(code, message, { retryable, ...(retryAfter === undefined ? {} : { retryAfter }) }),
    );
  }
  if (error instanceof ApplicationFailure) {
    const code = isCode(error.type) ? error.type : 'EXECUTOR_FAILED';
    return keepStack(error, new ExecutorError(code, message, { retryable: error.nonRetryable !== true }));
  }
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
  return keepStack(error, new ExecutorError(isCode(code) ? code : 'EXECUTOR_FAILED', message));
}

function isCode(code: unknown): code is string {
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]{0,99}$/.test(code);
}

function keepStack(from: unknown, to: ExecutorError): ExecutorError {
  if (from instanceof Error && from.stack !== undefined) to.stack = from.stack;
  return to;
}

function toApplicationFailure(cause: ExecutorError, info: Attempt): ApplicationFailure {
  const delay = retryDelay(cause, info);
  const thrown = ApplicationFailure.create({
    type: cause.code,
    message: cause.message,
    nonRetryable: !cause.retryable,
    details: [{ attempt: info.attempt }],
    ...(delay === undefined ? {} : { nextRetryDelay: delay }),
  });
  if (cause.stack !== undefined) thrown.stack = cutText(cause.stack, MAX_DETAIL);
  return thrown;
}

/** What the error asks for, up to the longest interval the task allows, ms. */
function retryDelay({ retryAfter }: ExecutorError, { retryPolicy }: Attempt): number | undefined {
  return retryAfter === undefined ? undefined : Math.min(retryAfter, maximumInterval(retryPolicy));
}

/** When Temporal tries again, ms; null when it doesn't. */
function nextRetry(cause: ExecutorError, info: Attempt, now: number): number | null {
  const { retryPolicy, attempt } = info;
  const most = retryPolicy?.maximumAttempts ?? 0;
  if (!cause.retryable || (most > 0 && attempt >= most)) return null;
  if (retryPolicy?.nonRetryableErrorTypes?.includes(cause.code) === true) return null;
  const backOff =
    milliseconds(retryPolicy?.initialInterval, 1_000) * (retryPolicy?.backoffCoefficient ?? 2) ** (attempt - 1);
  const at = now + (retryDelay(cause, info) ?? Math.min(backOff, maximumInterval(retryPolicy)));
  const { scheduleToCloseTimeoutMs: total, scheduledTimestampMs } = info;
  return total > 0 && at >= scheduledTimestampMs + total ? null : at;
}

function maximumInterval(policy: Attempt['retryPolicy']): number {
  return milliseconds(policy?.maximumInterval, milliseconds(policy?.initialInterval, 1_000) * 100);
}

/** Info's policy comes from the server, in ms. */
function milliseconds(value: unknown, other: number): number {
  return typeof value === 'number' ? value : other;
}
