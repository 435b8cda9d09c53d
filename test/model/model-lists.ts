import type { ErrorInfo, Json } from '../../src/contract.ts';
import { isTrue, Unevaluable } from './expressions.ts';
import type { Frame, Kind, Model, Outcome } from './model.ts';
import { ask, Ended, Failure, fill, infoOf } from './model.ts';
import { composites } from './model-composites.ts';
import { leaves } from './model-leaves.ts';
import type { Task, TaskType } from './program.ts';
import type { Scope, Strand } from './simulation.ts';
import { Stopped } from './simulation.ts';
import type { Row } from './trace.ts';

/** A list's tasks: in order, with jumps, or as a graph. */
export function* runList(
  model: Model,
  tasks: readonly Task[],
  outer: Frame,
): Strand<{ readonly output: Json; readonly views: Frame['views'] }> {
  const frame = { ...outer, views: { ...outer.views } };
  const isGraph = tasks.some(({ dependencies }) => dependencies !== undefined);
  const last = yield* isGraph ? runGraph(model, tasks, frame) : runInOrder(model, tasks, frame);
  return { output: last?.output ?? null, views: frame.views };
}

function* runInOrder(model: Model, tasks: readonly Task[], frame: Frame): Strand<Outcome | undefined> {
  const visits = new Map<string, number>();
  let last: Outcome | undefined;
  for (let at = 0; at < tasks.length;) {
    const task = tasks[at]!;
    visits.set(task.id, (visits.get(task.id) ?? 0) + 1);
    last = yield* runTask(model, task, frame, visits.get(task.id)!);
    if (task.next === undefined || last.status === 'skipped') at++;
    else at = task.next === 'end' ? tasks.length : tasks.findIndex(({ id }) => id === task.next);
  }
  return last;
}

function* runGraph(model: Model, tasks: readonly Task[], frame: Frame): Strand<Outcome | undefined> {
  const { sim } = model;
  const inner = { ...frame, scope: frame.scope.inner() };
  const outcomes = new Map<string, Outcome>();
  const started = new Set<string>();
  let running = 0;
  let failure: { readonly error: unknown } | undefined;
  let wake = (): void => undefined;

  function launch(): void {
    for (const [index, task] of tasks.entries()) {
      const above = tasks[index - 1]?.id;
      const after = task.dependencies ?? (above === undefined ? [] : [above]);
      if (failure || started.has(task.id) || !after.every((id) => outcomes.has(id))) continue;
      started.add(task.id);
      running++;
      sim.fork(one(task));
    }
  }

  function* one(task: Task): Strand<void> {
    try {
      outcomes.set(task.id, yield* runTask(model, task, inner, 1));
    } catch (error) {
      failure ??= { error };
      inner.scope.cancel();
    }
    running--;
    launch();
    if (running === 0) wake();
  }

  launch();
  if (running > 0) yield* sim.signalled(undefined, (go) => (wake = go));
  if (failure) throw failure.error;
  return outcomes.get(tasks.at(-1)?.id ?? '');
}

function* runTask(model: Model, task: Task, frame: Frame, visit: number): Strand<Outcome> {
  const { sim } = model;
  if (frame.scope.isCancelled()) throw new Stopped();
  const path = `${frame.path}/${task.id}${visit > 1 ? `~${visit}` : ''}`;
  const startedAt = sim.now();

  function close(outcome: Pick<Row, 'status' | 'output' | 'error'>): void {
    const began = outcome.status === 'skipped' ? null : startedAt;
    model.rows[path] = { type: task.type, startedAt: began, endedAt: sim.now(), ...outcome };
  }
  function settle(outcome: Outcome): Outcome {
    frame.views[task.id] = { output: outcome.output, status: outcome.status, error: outcome.error ?? null };
    return outcome;
  }

  try {
    if (task.if !== undefined && task.type !== 'condition' && !isTrue(ask(frame, model, task.if))) {
      close({ status: 'skipped' });
      return settle({ status: 'skipped', output: null });
    }
    const raw = yield* limited(model, frame.scope, task.totalTimeout, (scope) => {
      const kind = { ...composites, ...leaves }[task.type] as Kind<TaskType>;
      return kind(model, task, { ...frame, scope, path });
    });
    const output = task.output === undefined ? raw : fill(model, frame, task.output, { result: raw });
    if (task.compensate) {
      const input = fill(model, frame, task.compensate.with ?? {}, { result: output });
      model.compensations = [...model.compensations, { path, call: task.compensate, input }];
    }
    close({ status: 'success', output });
    return settle({ status: 'success', output });
  } catch (error) {
    if (error instanceof Ended) close({ status: 'success' });
    if (error instanceof Stopped) close({ status: 'cancelled', error: { code: 'CANCELLED', task: path, detail: '' } });
    if (!(error instanceof Failure || error instanceof Unevaluable)) throw error;
    const info = { ...infoOf(error), task: infoOf(error).task ?? path } as ErrorInfo;
    close({ status: info.code === 'TIMEOUT' ? 'timeout' : 'failed', error: info });
    if (task.onError !== 'continue') throw new Failure(info);
    return settle({ status: 'failed', output: { error: info }, error: info });
  }
}

/** In a scope that is cancelled when time is up. */
export function* limited<T>(
  { sim }: Model,
  outer: Scope,
  ms: number | undefined,
  body: (scope: Scope) => Strand<T>,
): Strand<T> {
  if (ms === undefined) return yield* body(outer);
  const scope = outer.inner();
  const limit = { isOver: false };
  const takeBack = sim.after(ms, () => {
    // Whichever came first says why it was stopped.
    limit.isOver = !outer.isCancelled();
    scope.cancel();
  });
  try {
    return yield* body(scope);
  } catch (error) {
    if (limit.isOver && error instanceof Stopped) throw new Failure({ code: 'TIMEOUT' });
    throw error;
  } finally {
    takeBack();
  }
}
