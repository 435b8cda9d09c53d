import type { Json } from '../../src/contract.ts';
import type { Signals } from '../../src/messages.ts';
import { END_CHILD, START_CHILD } from '../../src/messages.ts';
import { childIdOf } from '../../src/ids.ts';
import type { Runner, TaskContext } from '../runner.ts';
import { callEngine } from '../engine-call.ts';
import { Cancelled, TaskError } from '../outcome.ts';
import { parked } from '../park.ts';
import { checkPayload } from '../payload.ts';
import { resolveIn } from '../scope.ts';
import type { Limit } from '../timeout.ts';
import { withTimeout } from '../timeout.ts';

type Context = TaskContext<'sub_workflow'>;
type End = Signals['childEnded'];

type State = {
  attempt?: number;
  /** When a further attempt begins, ms. */
  startsAt?: number;
  /** Of the attempt that runs, whose id is known before it is started. */
  childId?: string;
  /** Of that attempt. */
  childLimit?: Limit;
  end?: End;
};

/** A child execution: its output, or at once its id where nobody waits for it. */
export const subWorkflow: Runner<'sub_workflow'> = async (context) => {
  const { run, task, frame, showInput } = context;
  const state = context.state as State;
  const input = resolveIn(run, frame, task.input);
  checkPayload(input, 'The input');
  showInput(input);
  for (;;) {
    const attempt = (state.attempt ??= 1);
    if (state.startsAt !== undefined) await idle(context, state.startsAt - frame.host.now());
    try {
      return await runChild(context, state, attempt, input);
    } catch (error) {
      if (!(error instanceof TaskError)) throw error;
      if (!isRetried(context, attempt, error)) throw TaskError.of({ ...error.toInfo(), attempt });
      const { initialInterval, backoffCoefficient, maximumInterval } = task.retry;
      const pause = Math.min(initialInterval * backoffCoefficient ** (attempt - 1), maximumInterval);
      state.attempt = attempt + 1;
      state.startsAt = frame.host.now() + pause;
      delete state.childId;
      delete state.childLimit;
      delete state.end;
    }
  }
};

/** Another run may go on meanwhile. */
async function idle({ run, frame, path }: Context, ms: number): Promise<void> {
  if (ms <= 0) return;
  run.turnover.leave();
  try {
    await frame.host.sleep(ms, path);
  } finally {
    run.turnover.enter();
  }
}

async function runChild(context: Context, state: State, attempt: number, input: Json): Promise<Json> {
  const { run, task, path, frame } = context;
  const { tenant, execution, startedBy } = run.input;
  const childId = childIdOf(execution.id, path, attempt);
  let wake = (): void => undefined;
  const ended = new Promise<void>((resolve) => (wake = resolve));
  const stop = run.children.listen(childId, (end) => {
    state.end ??= end;
    wake();
  });
  try {
    if (state.childId === undefined) {
      const { workflow, version = null, mode, onParentClose } = task;
      // Not cut off: a child that is there has to be ended by us.
      const { end } = await callEngine(frame.host.shield(), START_CHILD, path, {
        ...{ tenant, executionId: execution.id, path, attempt, workflow, version, input, mode, onParentClose },
        ...{ startedBy, correlationId: execution.correlationId },
      });
      state.childId = childId;
      if (end) state.end ??= end;
    }
    if (task.mode === 'detach') return { executionId: childId };
    const limit = (state.childLimit ??= { startedAt: frame.host.now() });
    await withTimeout(frame.host, task.timeout, limit, async (host) => {
      const race = (): Promise<unknown> => Promise.race([ended, host.cancelled]);
      const waitingFor = { kind: 'execution', execution: childId, since: new Date(limit.startedAt).toISOString() };
      try {
        if (state.end === undefined) await parked(context, waitingFor, Number.POSITIVE_INFINITY, race);
      } catch (error) {
        if (error instanceof Cancelled) await endChild(context, childId, () => ended);
        throw error;
      }
      return {};
    });
    return outputOf(state.end, childId, attempt);
  } finally {
    stop();
  }
}

/** What becomes of the child of a task that is cancelled or whose time is up. */
async function endChild(context: Context, childId: string, ended: () => Promise<void>): Promise<void> {
  const { run, task, path, frame, state } = context;
  if (task.onParentClose === 'abandon') return;
  const { tenant } = run.input;
  const reason = `The task ${path} of ${run.input.execution.id} was cancelled`;
  const order = { tenant, executionId: childId, how: task.onParentClose, reason };
  await callEngine(frame.host.shield(), END_CHILD, path, order);
  if (task.onParentClose === 'terminate' || (state as State).end !== undefined) return;
  const since = new Date(frame.host.now()).toISOString();
  await parked(context, { kind: 'execution', execution: childId, ending: true, since }, 0, ended);
}

function outputOf(end: End | undefined, childId: string, attempt: number): Json {
  if (end?.status === 'success') return end.output ?? null;
  const { error } = end ?? {};
  const detail = `The execution ${childId} ended ${end?.status ?? ''}${error ? `: ${error.code}: ${error.detail}` : ''}`;
  throw new TaskError('CHILD_FAILED', detail, { attempt, ...(error ? { origin: error } : {}) });
}

function isRetried({ task: { retry } }: Context, attempt: number, error: TaskError): boolean {
  const isLast = retry.maxAttempts > 0 && attempt >= retry.maxAttempts;
  const codes = [error.code, error.origin?.code ?? ''];
  const isFinal = ['INPUT_INVALID', 'DEFINITION_INVALID'].includes(error.code);
  return !isLast && !isFinal && !retry.nonRetryable.some((code) => codes.includes(code));
}
