import type { ErrorInfo, Json } from '../../src/contract.ts';
import { isTrue } from './expressions.ts';
import type { Frame, Kind, Model } from './model.ts';
import { ask, Ended, Failure, fill, infoOf } from './model.ts';
import { compensate } from './model-calls.ts';
import { together } from './model-control.ts';
import { runList } from './model-lists.ts';
import type { Catch } from './program.ts';
import type { Scope, Strand } from './simulation.ts';
import { createScope, Stopped } from './simulation.ts';

type Composite = 'condition' | 'sequential' | 'switch' | 'parallel' | 'foreach' | 'loop' | 'try';
type Composites = { readonly [K in Composite]: Kind<K> };

export const composites: Composites = {
  condition: function* (model, task, frame) {
    const isThen = isTrue(ask(frame, model, task.if!));
    return (yield* runList(model, isThen ? task.then : (task.else ?? []), frame)).output;
  },

  sequential: function* (model, { tasks }, frame) {
    return (yield* runList(model, tasks, frame)).output;
  },

  switch: function* (model, task, frame) {
    const taken = task.cases.find(({ when }) => isTrue(ask(frame, model, when)));
    return (yield* runList(model, taken?.tasks ?? task.default ?? [], frame)).output;
  },

  parallel: function* (model, { branches, maxConcurrency = 100, join = 'all' }, frame) {
    const names = Object.keys(branches);
    const needed = join === 'all' ? names.length : join === 'any' ? 1 : join.count;
    const outputs: { [name: string]: Json } = {};
    let failed = 0;
    yield* inWindow(model, frame.scope, names, maxConcurrency, function* (name, _, scope) {
      const inner = { ...frame, scope, path: `${frame.path}/${name}`, vars: { ...frame.vars } };
      try {
        const { output } = yield* runList(model, branches[name]!, inner);
        if (Object.keys(outputs).length < needed) outputs[name] = output;
      } catch (error) {
        if (!(infoOrNothing(error) && names.length - ++failed >= needed)) throw error;
      }
      return Object.keys(outputs).length >= needed;
    });
    return Object.fromEntries(names.filter((name) => name in outputs).map((name) => [name, outputs[name]!]));
  },

  foreach: function* (model, task, frame) {
    const { batch, collect = 'all', tolerate } = task;
    const list = fill(model, frame, task.items);
    if (!Array.isArray(list)) throw new Failure({ code: 'EXPRESSION_ERROR' });
    const starts = batch === undefined ? [] : list.flatMap((_, at) => (at % batch === 0 ? [at] : []));
    const items: readonly Json[] = batch === undefined ? list : starts.map((at) => list.slice(at, at + batch));
    const most = tolerate?.failures ?? Math.floor((items.length * (tolerate?.percent ?? 0)) / 100);
    const outputs = items.map((): Json => null);
    let failed = 0;
    yield* inWindow(model, frame.scope, items, task.maxConcurrency ?? 100, function* (item, index, scope) {
      const locals = { ...frame.locals, item, index, ...(task.as === undefined ? {} : { [task.as]: item }) };
      const inner = { ...frame, scope, path: `${frame.path}[${index}]`, vars: { ...frame.vars }, locals };
      try {
        outputs[index] = (yield* runList(model, task.tasks, inner)).output;
      } catch (error) {
        const info = infoOrNothing(error);
        if (!info || ++failed > most) throw error;
        outputs[index] = { error: info as Json };
      }
      return false;
    });
    return collect === 'all' ? outputs : collect === 'last' ? (outputs.at(-1) ?? null) : null;
  },

  loop: function* (model, task, frame) {
    for (let index = 0, result: Json = null; ; index++) {
      if (task.while !== undefined && !isTrue(ask(frame, model, task.while, { index, result }))) return result;
      if (index >= task.maxIterations) throw new Failure({ code: 'LOOP_LIMIT' });
      const inner = { ...frame, path: `${frame.path}[${index}]`, locals: { ...frame.locals, index } };
      result = (yield* runList(model, task.tasks, inner)).output;
      if (task.until !== undefined && isTrue(ask(frame, model, task.until, { index, result }))) return result;
    }
  },

  try: function* (model, task, frame) {
    let result: { readonly output: Json } | { readonly error: unknown };
    try {
      result = yield* runList(model, task.tasks, frame);
    } catch (error) {
      result = { error };
      if (task.onFailure && error instanceof Stopped) yield* compensate(model, frame.path, {});
      if (infoOrNothing(error)) result = yield* handled(model, task, frame, infoOf(error));
    }
    try {
      yield* runList(model, task.finally ?? [], { ...frame, scope: createScope() });
    } catch (error) {
      if (!('error' in result)) result = { error };
    }
    if ('error' in result) throw result.error;
    return result.output;
  },
};

/** What an error inside a `try` comes to. */
function* handled(
  model: Model,
  task: { readonly catch?: readonly Catch[]; readonly onFailure?: 'compensate' },
  frame: Frame,
  first: object,
): Strand<{ readonly output: Json } | { readonly error: unknown }> {
  let info = first as Failure['info'];
  try {
    if (task.onFailure) info = (yield* compensate(model, frame.path, info)) as Failure['info'];
    const { code, detail = null, task: path = null, attempt = null } = info;
    const error = { code, detail, task: path, attempt };
    const clause = task.catch?.find(
      ({ errors, when, as }) =>
        (errors.includes(code) || (errors.includes('*') && !['CANCELLED', 'TERMINATED'].includes(code))) &&
        (when === undefined ||
          isTrue(ask(frame, model, when, { error, ...(as === undefined ? {} : { [as]: error }) }))),
    );
    if (!clause) return { error: new Failure(info) };
    const locals = { ...frame.locals, error, ...(clause.as === undefined ? {} : { [clause.as]: error }) };
    return yield* runList(model, clause.tasks, { ...frame, locals });
  } catch (error) {
    const second = infoOrNothing(error);
    return { error: second ? new Failure(withCause(second, info)) : error };
  }
}

/** The first error is kept at the end of what the second came of. */
function withCause(second: Failure['info'], first: Failure['info']): Failure['info'] {
  return { ...second, cause: (second.cause ? withCause(second.cause, first) : first) as ErrorInfo };
}

/** Of an error that can be caught. */
function infoOrNothing(error: unknown): Failure['info'] | undefined {
  return error instanceof Stopped || error instanceof Ended ? undefined : infoOf(error);
}

/** A body for each item in order, so many at a time, until one says that it is enough or fails. */
function inWindow<T>(
  model: Model,
  outer: Scope,
  items: readonly T[],
  width: number,
  body: (item: T, index: number, scope: Scope) => Strand<boolean>,
): Strand<void> {
  const left = [...items.entries()];
  return together(model, outer, (running) => {
    const [index, item] = (running < width && left.shift()) || [];
    return index === undefined ? undefined : (scope) => body(item as T, index, scope);
  });
}
