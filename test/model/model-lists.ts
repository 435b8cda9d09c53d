import type { Json } from '../../src/contract.ts';
import { isTrue } from './expressions.ts';
import type { Frame, Kind, Model, Outcome } from './model.ts';
import { ask, Failure, fill } from './model.ts';
import { composites } from './model-composites.ts';
import { limited, recorded, together } from './model-control.ts';
import { leaves } from './model-leaves.ts';
import type { Task, TaskType } from './program.ts';
import type { Strand } from './simulation.ts';
import { Stopped } from './simulation.ts';

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
  const outcomes = new Map<string, Outcome>();
  const waiting = new Set(tasks);
  const isReady = (task: Task): boolean => {
    const above = tasks[tasks.indexOf(task) - 1]?.id;
    return (task.dependencies ?? (above === undefined ? [] : [above])).every((id) => outcomes.has(id));
  };
  yield* together(model, frame.scope, () => {
    const task = [...waiting].find(isReady);
    if (!task) return undefined;
    waiting.delete(task);
    return function* (scope) {
      outcomes.set(task.id, yield* runTask(model, task, { ...frame, scope }, 1));
      return false;
    };
  });
  return outcomes.get(tasks.at(-1)?.id ?? '');
}

function* runTask(model: Model, task: Task, frame: Frame, visit: number): Strand<Outcome> {
  if (frame.scope.isCancelled()) throw new Stopped();
  const path = `${frame.path}/${task.id}${visit > 1 ? `~${visit}` : ''}`;
  const skip = { isDue: false };

  function* body(): Strand<Json> {
    skip.isDue = task.if !== undefined && task.type !== 'condition' && !isTrue(ask(frame, model, task.if));
    if (skip.isDue) return null;
    const raw = yield* limited(model, frame.scope, task.totalTimeout, (scope) => {
      const kind = { ...composites, ...leaves }[task.type] as Kind<TaskType>;
      return kind(model, task, { ...frame, scope, path });
    });
    const output = task.output === undefined ? raw : fill(model, frame, task.output, { result: raw });
    if (task.compensate) {
      const input = fill(model, frame, task.compensate.with ?? {}, { result: output });
      model.compensations = [...model.compensations, { path, call: task.compensate, input, at: model.sim.now() }];
    }
    return output;
  }

  let outcome: Outcome;
  try {
    outcome = { status: 'success', output: yield* recorded(model, path, task.type, body()), error: null };
  } catch (error) {
    if (!(error instanceof Failure) || task.onError !== 'continue') throw error;
    outcome = { status: 'failed', output: { error: error.info as Json }, error: error.info };
  }
  if (skip.isDue) {
    outcome = { ...outcome, status: 'skipped' };
    model.rows[path] = { type: task.type, status: 'skipped', startedAt: null, endedAt: model.sim.now() };
  }
  return (frame.views[task.id] = outcome);
}
