import type { Json, TaskIdentity, TaskStatus } from '../src/contract.ts';
import type { ExecutorCall } from '../src/plan/plan.ts';
import { PER_TASK } from './breath.ts';
import { callExecutor } from './call-executor.ts';
import type { Host } from './host.ts';
import { Cancelled, TaskError } from './outcome.ts';
import { passGates } from './pass-gates.ts';
import type { Run } from './run-state.ts';

/**
 * Calls an executor for a task beside its own work (what takes it back, what reminds of it), with a row of its own.
 * @throws TaskError, Cancelled
 */
export async function callAside(
  run: Run,
  host: Host,
  call: ExecutorCall,
  { identity, input }: { readonly identity: TaskIdentity; readonly input: Json },
): Promise<Json> {
  await passGates(run, host);
  run.breath.spend(PER_TASK);
  run.turnover.enter();
  const startedAt = host.now();
  const note = (status: TaskStatus, change: { readonly output?: Json; readonly error?: TaskError }): void => {
    run.journal.task({
      task: identity,
      status,
      startedAt,
      endedAt: host.now(),
      attempt: change.error?.attempt ?? 0,
      maxAttempts: call.retry.maxAttempts || null,
      input,
      ...(change.output === undefined ? {} : { output: change.output }),
      ...(change.error === undefined ? {} : { error: change.error.toInfo() }),
    });
  };
  try {
    const output = await callExecutor(run, host, call, { input, identity, startedAt, isLocal: false });
    note('success', { output });
    return output;
  } catch (error) {
    if (error instanceof Cancelled)
      note('cancelled', { error: new TaskError('CANCELLED', 'Cancelled', { task: identity.path }) });
    if (!(error instanceof TaskError)) throw error;
    error.task ??= identity.path;
    note(error.code === 'TIMEOUT' ? 'timeout' : 'failed', { error });
    throw error;
  } finally {
    run.turnover.leave();
  }
}

/** Identity of a call beside a task. */
export function asideOf(of: TaskIdentity, suffix: string, executor: string, title: string): TaskIdentity {
  const path = `${of.path}~${suffix}`;
  const { taskId, itemIndex, order } = of;
  return {
    path,
    taskId,
    type: 'executor',
    executor,
    title,
    parentPath: of.path,
    ...(itemIndex === undefined ? {} : { itemIndex }),
    dependencies: [],
    order,
  };
}
