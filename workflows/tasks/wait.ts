import type { Json } from '../../src/contract.ts';
import { parseDuration } from '../../src/plan/duration.ts';
import type { TaskContext, Runner } from '../runner.ts';
import { TaskError } from '../outcome.ts';
import { parked } from '../park.ts';
import { resolveIn } from '../scope.ts';

/** ms since 1970 */
type State = { until?: number };

/** A durable timer, until a point in time or for a duration. */
export const wait: Runner<'wait'> = async (context) => {
  const { frame, path, showInput } = context;
  const state = context.state as State;
  const until = (state.until ??= endOf(context));
  showInput({ until: new Date(until).toISOString() });
  const left = until - frame.host.now();
  if (left <= 0) return null;
  const waitingFor = {
    kind: 'timer',
    since: new Date(context.startedAt).toISOString(),
    until: new Date(until).toISOString(),
  };
  await parked(context, waitingFor, left, () => frame.host.sleep(left, path));
  return null;
};

/** ms since 1970 */
function endOf({ run, task, frame }: TaskContext<'wait'>): number {
  if (task.until !== undefined) {
    const value = resolveIn(run, frame, task.until);
    const at = typeof value === 'number' ? value : Date.parse(typeof value === 'string' ? value : '');
    return checkedTime(at, `'until' must be a point in time such as 2026-12-01T09:00:00Z, it is ${show(value)}`);
  }
  const value = task.for === undefined ? 0 : resolveIn(run, frame, task.for);
  const duration = parseDuration(value);
  return checkedTime(
    duration === undefined ? NaN : frame.host.now() + duration,
    `'for' must be a duration such as 10s, it is ${show(value)}`,
  );
}

/** JavaScript's own range of dates bounds a wait. */
function checkedTime(at: number, otherwise: string): number {
  if (Number.isNaN(new Date(at).getTime())) throw new TaskError('EXPRESSION_ERROR', otherwise);
  return at;
}

function show(value: Json): string {
  return JSON.stringify(value).slice(0, 100);
}
