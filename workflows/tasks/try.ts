import type { ErrorInfo, Json } from '../../src/contract.ts';
import type { CatchClause } from '../../src/plan/plan.ts';
import type { Runner, TaskContext } from '../runner.ts';
import { compensate, notTakenBack } from '../compensate.ts';
import { isTrue } from '../is-true.ts';
import type { Thrown } from '../outcome.ts';
import { Cancelled, errorOf, TaskError, thrownOf } from '../outcome.ts';
import { evaluateIn, setVariables } from '../scope.ts';

type Context = TaskContext<'try'>;

type State = {
  /** What its tasks ended with, where they didn't succeed. */
  thrown?: Thrown;
  isTakenBack?: boolean;
  notTakenBack?: ErrorInfo;
  /** Index of the clause that catches it; -1 for none. */
  clause?: number;
  /** How all but `finally` ended. */
  ending?: Thrown | { readonly kind: 'success'; readonly output: Json };
  /** Set by the tasks of a list that has ended. */
  vars?: { readonly [name: string]: Json };
};

/** Its tasks; an error is taken back, then caught, `finally` comes at last, whatever happened. */
export const tryTask: Runner<'try'> = async (context) => {
  const { task, frame, runList } = context;
  const state = context.state as State;
  setVariables(frame, state.vars ?? {});
  if (state.ending === undefined) {
    try {
      state.ending = { kind: 'success', output: await tryAndCatch(context, state) };
    } catch (error) {
      const thrown = thrownOf(error);
      if (!thrown) throw error;
      state.ending = thrown;
    }
    keepVariables(context, state);
  }
  const { ending } = state;
  try {
    await runList(task.finally, { ...frame, host: frame.host.shield() });
  } catch (error) {
    // It wins only over success.
    if (ending.kind === 'success' || !(error instanceof TaskError)) throw error;
  }
  if (ending.kind === 'success') return ending.output;
  throw errorOf(ending);
};

async function tryAndCatch(context: Context, state: State): Promise<Json> {
  const { run, task, path, frame, runList } = context;
  if (state.thrown === undefined) {
    try {
      return (await runList(task.tasks, frame)).output;
    } catch (error) {
      const thrown = thrownOf(error);
      if (!thrown) throw error;
      state.thrown = thrown;
      keepVariables(context, state);
    }
  }
  if (state.thrown.kind === 'ended') throw errorOf(state.thrown);
  if (task.compensates && state.isTakenBack !== true) {
    await compensate(run, frame.host.shield(), path, state);
    state.isTakenBack = true;
  }
  if (state.thrown.kind === 'cancelled') throw new Cancelled();
  const error = state.notTakenBack ? notTakenBack(state.notTakenBack, state.thrown.error).toInfo() : state.thrown.error;
  try {
    state.clause ??= task.catch.findIndex((clause) => catches(context, clause, error));
  } catch (later) {
    throw causedBy(later, error);
  }
  const clause = task.catch[state.clause];
  if (!clause) throw errorOf({ kind: 'failed', error });
  try {
    return (await runList(clause.tasks, { ...frame, locals: { ...frame.locals, ...rootsOf(clause, error) } })).output;
  } catch (later) {
    throw causedBy(later, error);
  }
}

/** An error that replaces another one, which is kept at the end of what it came of. */
function causedBy(later: unknown, first: ErrorInfo): unknown {
  return later instanceof TaskError ? TaskError.of(withCause(later.toInfo(), first)) : later;
}

function withCause(error: ErrorInfo, first: ErrorInfo): ErrorInfo {
  return { ...error, cause: error.cause ? withCause(error.cause, first) : first };
}

function catches({ run, frame }: Context, clause: CatchClause, error: ErrorInfo): boolean {
  const isNamed = clause.errors.some((code) =>
    code === '*' ? !['CANCELLED', 'TERMINATED'].includes(error.code) : code === error.code,
  );
  if (!isNamed || clause.when === undefined) return isNamed;
  return isTrue(evaluateIn(run, frame, clause.when, { more: rootsOf(clause, error) }));
}

function rootsOf({ as }: CatchClause, { code, detail, task, attempt }: ErrorInfo) {
  const error: Json = { code, detail, task: task ?? null, attempt: attempt ?? null };
  return { error, ...(as === undefined ? {} : { [as]: error }) };
}

/** For a run that goes on: what the tasks of an ended list have set is there without them. */
function keepVariables({ frame }: Context, state: State): void {
  state.vars = { ...frame.changes };
}
