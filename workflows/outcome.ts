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
};

/** Characters of a detail; longer ones say no more to a person, and Temporal's failures are looked through by slow patterns. */
const LONGEST_DETAIL = 4_000;

/** A named error of a task: what retries, `onError` and the list above see. */
export class TaskError extends Error {
  readonly code: string;
  readonly attempt: number | undefined;
  /** Further facts for whoever asked, e.g. the approval somebody decided before. */
  readonly data: unknown;
  /** Path of the task that failed, set once. */
  task: string | undefined;

  constructor(
    code: string,
    detail: string,
    options: { attempt?: number | undefined; task?: string; data?: unknown } = {},
  ) {
    super(detail.length > LONGEST_DETAIL ? `${detail.slice(0, LONGEST_DETAIL)}…` : detail);
    this.name = 'TaskError';
    this.code = code;
    this.attempt = options.attempt;
    this.task = options.task;
    this.data = options.data;
  }

  toInfo(): ErrorInfo {
    return {
      code: this.code,
      detail: this.message,
      ...(this.task === undefined ? {} : { task: this.task }),
      ...(this.attempt === undefined ? {} : { attempt: this.attempt }),
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
