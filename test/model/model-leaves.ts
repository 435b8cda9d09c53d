import type { Json } from '../../src/contract.ts';
import type { EventInfo } from '../../src/messages.ts';
import { isTrue, Unevaluable } from './expressions.ts';
import type { Frame, Kind, Model } from './model.ts';
import { ask, Ended, Failure, fill } from './model.ts';
import { modelApproval } from './model-approval.ts';
import { call } from './model-calls.ts';
import { limited, retried } from './model-control.ts';
import type { TaskOf } from './program.ts';
import type { Strand } from './simulation.ts';
import { createScope, Stopped } from './simulation.ts';
import { answerOf, childId, CLOSING_TIME, START } from './world.ts';

type Leaf = 'executor' | 'set' | 'wait' | 'event' | 'emit' | 'sub_workflow' | 'approval' | 'fail' | 'end';
type Leaves = { readonly [K in Leaf]: Kind<K> };

export const leaves: Leaves = {
  executor: (model, task, frame) => call(model, frame.scope, frame.path, task, fill(model, frame, task.with ?? {})),

  set: function* (model, task, frame) {
    const values = fill(model, frame, task.vars) as { readonly [name: string]: Json };
    Object.assign(frame.vars, values);
    return values;
  },

  wait: function* (model, task, frame) {
    const value = fill(model, frame, task.for ?? task.until!);
    const isDuration = task.for !== undefined;
    const ms = typeof value === 'string' && isDuration ? Number(/^(\d+)ms$/.exec(value)?.[1]) : Number(value);
    const left = isDuration ? ms : Date.parse(typeof value === 'string' ? value : '') - START - model.sim.now();
    if (Number.isNaN(left) || value === null) throw new Failure({ code: 'EXPRESSION_ERROR' });
    if (left > 0) yield* model.sim.sleep(frame.scope, left);
    return null;
  },

  event: function* (model, task, frame) {
    const { count = 1, where } = task;
    const key = task.key === undefined ? undefined : fill(model, frame, task.key);
    const taken: EventInfo[] = [];
    let wake = (): void => undefined;
    const note = (name: string, input: Json): void =>
      void model.calls.push({ at: model.sim.now(), name, path: frame.path, attempt: 1, input });

    function offer(event: EventInfo): void {
      if (event.name !== task.name || (key !== undefined && event.key !== key) || taken.length === count) return;
      if (where !== undefined && !holds(model, frame, where, event)) return;
      taken.push(event);
      if (taken.length === count) wake();
    }

    note('open wait', { name: task.name, key: key ?? null, count });
    for (const event of model.events) if (!model.taken.has(event.id)) offer(event);
    model.waits.add(offer);
    try {
      if (taken.length < count) yield* model.sim.signalled(frame.scope, (go) => (wake = go));
      for (const { id } of taken) model.taken.add(id);
      note('close wait', { taken: taken.map(({ id }) => id) });
    } catch (error) {
      note('close wait', { taken: [] });
      throw error;
    } finally {
      model.waits.delete(offer);
    }
    const data = taken.map((event) => event.data);
    return count > 1 ? data : (data[0] ?? null);
  },

  emit: function* (model, task, frame) {
    const key = task.key === undefined ? null : (fill(model, frame, task.key) as string);
    const sent = { name: task.name, key, data: fill(model, frame, task.data) };
    model.calls.push({ at: model.sim.now(), name: 'emit', path: frame.path, attempt: 1, input: sent });
    return { id: accept(model, sent) };
  },

  sub_workflow: (model, task, frame) => {
    const input = fill(model, frame, task.input ?? {});
    return retried(model, frame.scope, { maxAttempts: 1, ...task.retry }, (attempt) =>
      child(model, task, frame, input, attempt),
    );
  },

  approval: modelApproval,

  fail: function* (_, task) {
    throw new Failure({ code: task.code });
  },

  end: function* (model, task, frame) {
    throw new Ended(fill(model, frame, task.output ?? null));
  },
};

/** Stores an event and tells those who wait; gives its id. */
export function accept(model: Model, { name, key, data }: Pick<EventInfo, 'name' | 'key' | 'data'>): string {
  const id = `event${model.events.length}`;
  const event = { id, name, key, data, at: new Date(START + model.sim.now()).toISOString() };
  model.events.push(event);
  for (const offer of [...model.waits]) offer(event);
  return id;
}

function holds(model: Model, frame: Frame, where: string, event: Json): boolean {
  try {
    return isTrue(ask(frame, model, where, { event }));
  } catch (error) {
    if (error instanceof Unevaluable) return false;
    throw error;
  }
}

/** One child execution: until it ends, its time is up, or the task is cancelled. */
function* child(model: Model, task: TaskOf<'sub_workflow'>, frame: Frame, input: Json, attempt: number): Strand<Json> {
  const { sim, program } = model;
  const { workflow, mode = 'wait', onParentClose = mode === 'wait' ? 'cancel' : 'abandon' } = task;
  const { path } = frame;
  const asked = { workflow, input, mode, onParentClose };
  model.calls.push({ at: sim.now(), name: 'start child', path, attempt, input: asked });
  if (mode === 'detach') return { executionId: childId(path, attempt) };

  const answer = answerOf(program.script, path, attempt);
  const endsAt = answer.kind === 'hangs' ? Infinity : sim.now() + answer.ms;
  yield* limited(model, frame.scope, task.timeout, function* (scope) {
    try {
      yield* sim.sleep(scope, endsAt - sim.now());
    } catch (error) {
      if (!(error instanceof Stopped)) throw error;
      if (onParentClose !== 'abandon') {
        const what = { how: onParentClose };
        model.calls.push({ at: sim.now(), name: 'end child', path: childId(path, attempt), attempt: 1, input: what });
      }
      if (onParentClose === 'cancel') yield* sim.sleep(createScope(), Math.min(endsAt - sim.now(), CLOSING_TIME));
      throw error;
    }
  });
  if (answer.kind === 'success') return answer.value;
  const code = answer.kind === 'failure' ? answer.code : '';
  throw new Failure({ code: 'CHILD_FAILED', cause: { code, detail: '' } });
}
