import type { Outcome, Thrown } from './outcome.ts';
import { errorOf, thrownOf } from './outcome.ts';
import type { Run } from './run-state.ts';

/** How a task that throws is kept. */
export function outcomeOfThrown(thrown: Thrown): Outcome {
  if (thrown.kind === 'ended') return { status: 'success', output: thrown.output, thrown: thrown.kind };
  const error = thrown.kind === 'failed' ? { error: thrown.error } : {};
  return { status: 'failed', output: null, thrown: thrown.kind, ...error };
}

/** What a task threw in the run before this one; undefined where it went on. */
export function thrownBy(outcome: Outcome | undefined): Error | undefined {
  switch (outcome?.thrown) {
    case 'cancelled':
      return errorOf({ kind: 'cancelled' });
    case 'ended':
      return errorOf({ kind: 'ended', output: outcome.output });
    case 'failed':
      return outcome.error && errorOf({ kind: 'failed', error: outcome.error });
    case undefined:
      return undefined;
  }
}

/** What was thrown first among siblings; the cancellations that it brought come after it. */
export function firstThrown(run: Run, paths: readonly string[]): Error | undefined {
  const first = run.settled.first(paths.filter((path) => run.settled.get(path)?.thrown !== undefined));
  return first === undefined ? undefined : thrownBy(run.settled.get(first));
}

/** Kept with the state of a task whose parts fail together, for a run that goes on while the others still end. */
export type Broken = { broken?: Thrown };

export function keepBroken(state: Broken, error: unknown): void {
  const thrown = thrownOf(error);
  if (thrown) state.broken ??= thrown;
}

export function brokenOf({ broken }: Broken): Error | undefined {
  return broken && errorOf(broken);
}
