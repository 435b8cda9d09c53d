import type { ErrorInfo, Json, TaskIdentity } from '../src/contract.ts';
import type { ExecutorCall } from '../src/plan/plan.ts';
import { asideOf, callAside } from './call-aside.ts';
import type { Host } from './host.ts';
import { TaskError } from './outcome.ts';
import { checkPayload } from './payload.ts';
import type { Run } from './run-state.ts';

/** What takes back a task that has succeeded, its input resolved then; JSON. */
export type Compensation = {
  /** Of the task. */
  readonly identity: TaskIdentity;
  readonly call: ExecutorCall;
  readonly input: Json;
};

/** Keeps what takes a task back, until it is asked for or the execution has succeeded. */
export function registerCompensation(run: Run, identity: TaskIdentity, call: ExecutorCall, input: Json): void {
  checkPayload(input, "The compensation's input");
  // Resolved now, as what it was made of is gone by then.
  run.compensations.push({ identity, call: { ...call, with: null }, input });
}

/**
 * Takes back what has succeeded inside a path ('' for all), one after the other, the latest first. Each is dropped once
 * it has run; one that fails doesn't hold up the others.
 * @param host shielded: nothing cancels it
 * @param state gets the first failure of one
 */
export async function compensate(
  run: Run,
  host: Host,
  within: string,
  state: { notTakenBack?: ErrorInfo },
): Promise<void> {
  for (;;) {
    const compensation = run.compensations.findLast(({ identity }) => identity.path.startsWith(`${within}/`));
    if (!compensation) return;
    const { identity, call, input } = compensation;
    const aside = asideOf(identity, 'compensate', call.executor, `Takes back ${identity.title ?? identity.taskId}`);
    try {
      await callAside(run, host, call, { identity: aside, input });
    } catch (error) {
      if (!(error instanceof TaskError)) throw error;
      state.notTakenBack ??= error.toInfo();
    }
    run.compensations.splice(run.compensations.indexOf(compensation), 1);
  }
}

/** The error of what failed and couldn't be taken back whole. */
export function notTakenBack(failure: ErrorInfo, origin: ErrorInfo): TaskError {
  return new TaskError('COMPENSATION_FAILED', `${failure.task ?? ''} failed: ${failure.code}: ${failure.detail}`, {
    task: failure.task,
    origin,
  });
}
