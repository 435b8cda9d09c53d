import type { ErrorInfo, Json } from '../../src/contract.ts';
import type { Model } from './model.ts';
import { Failure, infoOf } from './model.ts';
import type { Call } from './program.ts';
import type { Scope, Strand } from './simulation.ts';
import { createScope, Stopped } from './simulation.ts';
import type { Row } from './trace.ts';
import { answerOf } from './world.ts';

/** Calls an executor until it answers, or its attempts are used up. */
export function* call(model: Model, scope: Scope, path: string, what: Call, input: Json): Strand<Json> {
  const { definition, script } = model.program;
  const retry = { maxAttempts: 3, initialInterval: 1_000, backoffCoefficient: 2, maximumInterval: 60_000 };
  const asked = { ...retry, ...definition.defaults?.retry, ...what.retry };
  const timeout = what.timeout ?? definition.defaults?.timeout ?? 60_000;
  const longest = Math.max(asked.maximumInterval, asked.initialInterval);
  for (let attempt = 1, interval = asked.initialInterval; ; attempt++) {
    if (scope.isCancelled()) throw new Stopped();
    model.calls.push({ at: model.sim.now(), name: what.executor, path, attempt, input });
    const answer = answerOf(script, path, attempt, what.executor);
    const isLate = answer.kind === 'hangs' || answer.ms > timeout;
    yield* model.sim.sleep(scope, isLate ? timeout : answer.ms);
    if (!isLate && answer.kind === 'success') return answer.value;
    const code = isLate || answer.kind !== 'failure' ? 'TIMEOUT' : answer.code;
    if (attempt === asked.maxAttempts || asked.nonRetryable?.includes(code)) throw new Failure({ code, attempt });
    yield* model.sim.sleep(scope, interval);
    interval = Math.min(interval * asked.backoffCoefficient, longest);
  }
}

/** A call beside a task's own work, with a row of its own. */
export function* aside(model: Model, scope: Scope, path: string, what: Call, input: Json): Strand<void> {
  const startedAt = model.sim.now();
  const close = (row: Pick<Row, 'status' | 'output' | 'error'>): void =>
    void (model.rows[path] = { type: 'executor', startedAt, endedAt: model.sim.now(), ...row });
  try {
    close({ status: 'success', output: yield* call(model, scope, path, what, input) });
  } catch (error) {
    if (error instanceof Stopped) {
      close({ status: 'cancelled' });
      throw error;
    }
    const info = { ...infoOf(error), task: path } as ErrorInfo;
    close({ status: info.code === 'TIMEOUT' ? 'timeout' : 'failed', error: info });
    throw new Failure(info);
  }
}

/** Takes back what finished inside a path (everything where it is ''), the latest first; gives the error that then is. */
export function* compensate(model: Model, inside: string, cause: object): Strand<object> {
  const isDue = ({ path }: { readonly path: string }): boolean => path.startsWith(`${inside}/`);
  const due = model.compensations.filter(isDue);
  model.compensations = model.compensations.filter((compensation) => !isDue(compensation));
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
