import { ActivityFailure, ApplicationFailure, CancelledFailure, TimeoutFailure } from '@temporalio/common';
import {
  CancellationScope,
  isCancellation,
  scheduleActivity,
  scheduleLocalActivity,
  sleep,
} from '@temporalio/workflow';
import type { ActivityOptions, LocalActivityOptions } from '@temporalio/workflow';
import type { TaskHeader } from '../../src/contract.ts';
import { withHeader } from '../../workflows/path-header.ts';

export type Call = {
  readonly name: string;
  readonly input: unknown;
  readonly header?: TaskHeader;
  readonly local: boolean;
  readonly options: ActivityOptions & LocalActivityOptions;
  /** ms until it is cancelled */
  readonly cancelAfter?: number;
};

export type Answer =
  { readonly result: unknown } | { readonly type: string; readonly message: string; readonly details: unknown };

/** Calls one activity as the interpreter does and tells how it ended. */
export async function call({ name, input, header, local, options, cancelAfter }: Call): Promise<Answer> {
  try {
    return await CancellationScope.cancellable(async () => {
      const scope = CancellationScope.current();
      if (cancelAfter !== undefined)
        void CancellationScope.nonCancellable(() => sleep(cancelAfter)).then(() => scope.cancel());
      const schedule = local ? scheduleLocalActivity<unknown> : scheduleActivity<unknown>;
      return { result: await schedule(name, [input], withHeader(options, header)) };
    });
  } catch (error) {
    const cause = error instanceof ActivityFailure ? error.cause : error;
    if (isCancellation(error) || cause instanceof CancelledFailure)
      return { type: 'CANCELLED', message: '', details: null };
    if (cause instanceof TimeoutFailure) return { type: 'TIMEOUT', message: cause.message, details: null };
    if (cause instanceof ApplicationFailure)
      return { type: cause.type ?? '', message: cause.message, details: cause.details };
    throw error;
  }
}
