import type { ErrorInfo, Json } from '../src/contract.ts';

/** How a task ended, as the settled table keeps it and `$tasks.<id>` shows it; JSON. */
export type Outcome = {
  readonly status: 'success' | 'skipped' | 'failed';
  readonly output: Json;
  readonly error?: ErrorInfo;
  /** Variables it set in the scope it shares with its siblings. */
  readonly vars?: { readonly [name: string]: Json };
  /** Which way it chose, where its type has several; `none` where it was not reached itself. */
  readonly way?: string;
  /** It threw, and nothing came after it: kept for the run that goes on while others around it still end. */
  readonly thrown?: Thrown['kind'];
};

/** What a task may throw, as JSON. */
export type Thrown =
  | { readonly kind: 'failed'; readonly error: ErrorInfo }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'ended'; readonly output: Json };

/** Characters of a detail; longer ones say no more to a person, and Temporal's failures are looked through by slow patterns. */
const LONGEST_DETAIL = 4_000;

/** A named error of a task: what retries, `onError`, a `catch` and the list above see. */
export class TaskError extends Error {
  readonly code: string;
  readonly attempt: number | undefined;
  /** Further facts for whoever asked, e.g. the approval somebody decided before. */
  readonly data: unknown;
  /** Path of the task that failed, set once. */
  task: string | undefined;
  /** The error that it came of. */
  readonly origin: ErrorInfo | undefined;

  constructor(
    code: string,
    detail: string,
    options: { attempt?: number | undefined; task?: string | undefined; data?: unknown; origin?: ErrorInfo } = {},
  ) {
    super(detail.length > LONGEST_DETAIL ? `${detail.slice(0, LONGEST_DETAIL)}…` : detail);
    this.name = 'TaskError';
    this.code = code;
    this.attempt = options.attempt;
    this.task = options.task;
    this.data = options.data;
    this.origin = options.origin;
  }

  static of({ code, detail, task, attempt, cause }: ErrorInfo): TaskError {
    return new TaskError(code, detail, { task, attempt, ...(cause === undefined ? {} : { origin: cause }) });
  }

  toInfo(): ErrorInfo {
    return {
      code: this.code,
      detail: this.message,
      ...(this.task === undefined ? {} : { task: this.task }),
      ...(this.attempt === undefined ? {} : { attempt: this.attempt }),
      ...(this.origin === undefined ? {} : { cause: this.origin }),
    };
  }
}

/** A cancellation, which stays one: no `onError` catches it. */
export class Cancelled extends Error {
  constructor() {
    super('Cancelled');
    this.name = 'Cancelled';
  }
}

/** Thrown by an `end` task through everything around it: the execution succeeds early. */
export class Ended extends Error {
  readonly output: Json;

  constructor(output: Json) {
    super('Ended');
    this.name = 'Ended';
    this.output = output;
  }
}

/** What was thrown as JSON; undefined for a defect of ours. */
export function thrownOf(error: unknown): Thrown | undefined {
  if (error instanceof Cancelled) return { kind: 'cancelled' };
  if (error instanceof Ended) return { kind: 'ended', output: error.output };
  return error instanceof TaskError ? { kind: 'failed', error: error.toInfo() } : undefined;
}

/** The inverse of {@link thrownOf}. */
export function errorOf(thrown: Thrown): TaskError | Cancelled | Ended {
  if (thrown.kind === 'cancelled') return new Cancelled();
  return thrown.kind === 'ended' ? new Ended(thrown.output) : TaskError.of(thrown.error);
}
