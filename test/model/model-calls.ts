import type { Json } from '../../src/contract.ts';
import type { Model } from './model.ts';
import { Failure, infoOf } from './model.ts';
import { recorded, retried } from './model-control.ts';
import type { Call } from './program.ts';
import type { Scope, Strand } from './simulation.ts';
import { createScope } from './simulation.ts';
import { answerOf } from './world.ts';

/** Calls an executor until it answers, or its attempts are used up. */
export function call(model: Model, scope: Scope, path: string, what: Call, input: Json): Strand<Json> {
  const { definition, script } = model.program;
  const timeout = what.timeout ?? definition.defaults?.timeout ?? 60_000;
  const retry = { maxAttempts: 3, ...definition.defaults?.retry, ...what.retry };
  return retried(model, scope, retry, function* (attempt) {
    model.calls.push({ at: model.sim.now(), name: what.executor, path, attempt, input });
    const answer = answerOf(script, path, attempt, what.executor);
    const isLate = answer.kind === 'hangs' || answer.ms > timeout;
    yield* model.sim.sleep(scope, isLate ? timeout : answer.ms);
    if (!isLate && answer.kind === 'success') return answer.value;
    throw new Failure({ code: isLate || answer.kind !== 'failure' ? 'TIMEOUT' : answer.code });
  });
}

/** A call beside a task's own work, with a row of its own. */
export function aside(model: Model, scope: Scope, path: string, what: Call, input: Json): Strand<Json> {
  return recorded(model, path, 'executor', call(model, scope, path, what, input));
}

/** Takes back what finished inside a path (everything where it is ''), the latest first; gives the error that then is. */
export function* compensate(model: Model, inside: string, cause: object): Strand<object> {
  const isDue = ({ path }: { readonly path: string }): boolean => path.startsWith(`${inside}/`);
  const due = model.compensations.filter(isDue);
  model.compensations = model.compensations.filter((compensation) => !isDue(compensation));
  // What finished in one instant, as where all is cut off at once, has no order.
  if (new Set(due.map(({ at }) => at)).size < due.length) model.sim.tie();
  let failed: string | undefined;
  for (const { path: task, call: what, input } of due.toReversed()) {
    const path = `${task}~compensate`;
    try {
      yield* aside(model, createScope(), path, what, input);
    } catch (error) {
      infoOf(error);
      failed ??= path;
    }
  }
  return failed === undefined ? cause : { code: 'COMPENSATION_FAILED', task: failed, cause };
}
