import type { ErrorInfo, Json } from '../../src/contract.ts';
import type { Model } from './model.ts';
import { Ended, Failure, infoOf } from './model.ts';
import type { Retry } from './program.ts';
import type { Scope, Strand } from './simulation.ts';
import { Stopped } from './simulation.ts';
import type { Row } from './trace.ts';

/** With a row that tells how it went; an error knows where it came from. */
export function* recorded(model: Model, path: string, type: string, body: Strand<Json>): Strand<Json> {
  const startedAt = model.sim.now();
  function close(outcome: Pick<Row, 'status' | 'output' | 'error'>): void {
    model.rows[path] = { type, startedAt, endedAt: model.sim.now(), ...outcome };
  }
  try {
    const output = yield* body;
    close({ status: 'success', output });
    return output;
  } catch (error) {
    if (error instanceof Ended) close({ status: 'success' });
    if (error instanceof Stopped) close({ status: 'cancelled', error: { code: 'CANCELLED', task: path, detail: '' } });
    if (error instanceof Ended || error instanceof Stopped) throw error;
    const info = { ...infoOf(error), task: infoOf(error).task ?? path } as ErrorInfo;
    close({ status: info.code === 'TIMEOUT' ? 'timeout' : 'failed', error: info });
    throw new Failure(info);
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

/** Attempts until one succeeds, or none is left. */
export function* retried(
  { sim }: Model,
  scope: Scope,
  retry: Retry & { readonly maxAttempts: number },
  attempted: (attempt: number) => Strand<Json>,
): Strand<Json> {
  const { maxAttempts, initialInterval = 1_000, backoffCoefficient = 2, maximumInterval = 60_000 } = retry;
  for (let attempt = 1, interval = initialInterval; ; attempt++) {
    if (scope.isCancelled()) throw new Stopped();
    try {
      return yield* attempted(attempt);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      const { code, cause } = error.info;
      const isFinal = retry.nonRetryable?.some((named) => named === code || named === cause?.code);
      if (attempt === maxAttempts || isFinal) throw new Failure({ ...error.info, attempt });
    }
    yield* sim.sleep(scope, interval);
    interval = Math.min(interval * backoffCoefficient, Math.max(maximumInterval, initialInterval));
  }
}

/** Bodies side by side, as `next` gives them, until one says that it is enough or fails; then what runs is cancelled and awaited. */
export function* together(
  { sim }: Model,
  outer: Scope,
  next: (running: number) => ((scope: Scope) => Strand<boolean>) | undefined,
): Strand<void> {
  const scope = outer.inner();
  const startedAt = sim.now();
  let [running, isOver] = [0, false];
  let failure: { readonly error: unknown } | undefined;
  let wake = (): void => undefined;

  function* one(body: (scope: Scope) => Strand<boolean>): Strand<void> {
    try {
      if (yield* body(scope)) stop();
    } catch (error) {
      if (!isOver) failure = { error };
      stop();
    }
    running--;
    launch();
    if (running === 0) wake();
  }
  function stop(): void {
    // Over before any time has passed: nothing says how far the others came.
    if (!isOver && sim.now() === startedAt && (running > 1 || next(running - 1))) sim.tie();
    isOver = true;
    scope.cancel();
  }
  function launch(): void {
    while (!isOver) {
      const body = next(running);
      if (!body) return;
      running++;
      sim.fork(one(body));
    }
  }

  launch();
  if (running > 0) yield* sim.signalled(undefined, (go) => (wake = go));
  if (failure) throw failure.error;
}
