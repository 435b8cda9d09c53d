import type { Json, TaskStatus } from '../src/contract.ts';
import type { PlanTask, TaskList } from '../src/plan/plan.ts';
import { listsIn } from '../src/plan/walk.ts';
import { PER_TASK } from './breath.ts';
import { registerCompensation } from './compensate.ts';
import { identify } from './identify.ts';
import type { Outcome } from './outcome.ts';
import { isReached } from './is-reached.ts';
import { isTrue } from './is-true.ts';
import { Cancelled, Ended, TaskError, thrownOf } from './outcome.ts';
import { passGates } from './pass-gates.ts';
import { outcomeOfThrown, thrownBy } from './rethrow.ts';
import type { ListResult } from './run-list.ts';
import { runList } from './run-list.ts';
import type { Run } from './run-state.ts';
import type { Runners } from './runner.ts';
import { isExecutorTask, runByType } from './runner.ts';
import type { Frame } from './scope.ts';
import { evaluateIn, resolveIn, setVariables } from './scope.ts';
import type { Limit } from './timeout.ts';
import { withTimeout } from './timeout.ts';

/**
 * Runs one task to its outcome: settled ones return (or throw) at once, its gates or its `if` may skip it, its type's
 * runner does it, `output` shapes it, `onError: continue` keeps its failure.
 * @param path another one than its id's where it is reached again
 * @throws TaskError, Cancelled or Ended, each after the mirror was told
 */
export async function runTask(
  run: Run,
  runners: Runners,
  task: PlanTask,
  frame: Frame,
  path = `${frame.path}/${task.id}`,
): Promise<Outcome> {
  const settled = run.settled.get(path);
  if (settled) return again(run, task, frame, settled);
  const before = run.settled.opened(path);
  const early = run.begunEarly.get(path);
  // What a run before this one has begun, or a series, goes on.
  if (!before && !early) {
    // Asked again right before it spends: others may have gone on while this one's turn came.
    do await passGates(run, frame.host);
    while (run.breath.isDue());
  }
  if (!before) run.breath.spend(PER_TASK);
  const identity = early?.identity ?? identify(run, task, path, frame);
  const startedAt =
    typeof before?.['startedAt'] === 'number' ? before['startedAt'] : (early?.startedAt ?? frame.host.now());
  const taskFrame: Frame = { ...frame, path, changes: {}, counted: { tasks: 0 } };
  const isLeaf = listsIn(task).length === 0;
  let shownInput: Json | undefined;
  let way: string | undefined;

  function note(status: TaskStatus, change: { readonly output?: Json; readonly error?: TaskError } = {}): void {
    const ended = status !== 'running';
    run.journal.task(
      {
        task: identity,
        status,
        startedAt: status === 'skipped' ? null : startedAt,
        endedAt: ended ? (early?.success?.at ?? frame.host.now()) : null,
        attempt: change.error?.attempt ?? 0,
        maxAttempts: isExecutorTask(task) ? task.retry.maxAttempts || null : undefined,
        input: shownInput,
        output: change.output,
        error: change.error?.toInfo(),
      },
      { live: !workerTellsIt(task, status) },
    );
  }

  function settle(outcome: Outcome): Outcome {
    const changed = Object.keys(taskFrame.changes).length > 0;
    const kept: Outcome = {
      ...outcome,
      ...(changed ? { vars: taskFrame.changes } : {}),
      ...(way === undefined ? {} : { way }),
    };
    Object.assign(frame.changes, taskFrame.changes);
    if (!frame.inLoop) {
      run.journal.progress(task.size - taskFrame.counted.tasks);
      frame.counted.tasks += task.size;
    }
    run.settled.put(path, task.keep ? kept : { ...kept, output: null });
    return outcome;
  }

  function skip(): Outcome {
    note('skipped');
    return settle({ status: 'skipped', output: null });
  }

  if (isLeaf) run.turnover.enter();
  try {
    if (!before) {
      if (!isReached(run, frame, task)) {
        way = 'none';
        return skip();
      }
      if (task.if !== undefined && !isTrue(evaluateIn(run, frame, task.if))) return skip();
      note('running');
    }
    const state = run.settled.open(path);
    state['startedAt'] = startedAt;
    const result = await withTimeout(frame.host, task.totalTimeout, state as Limit, (host) =>
      runByType(runners, {
        run,
        task,
        path,
        identity,
        startedAt,
        state,
        frame: { ...taskFrame, host },
        runList: (tasks: TaskList, inner: Frame): Promise<ListResult> =>
          runList(run, tasks, inner, (child, childFrame, childPath) =>
            runTask(run, runners, child, childFrame, childPath),
          ),
        showInput: (input) => (shownInput = input),
        chooseWay: (chosen) => (way = chosen),
      }),
    );
    while (task.output !== undefined && run.breath.isDueToEvaluate()) await run.breath.rest(frame.host);
    const output = task.output === undefined ? result : resolveIn(run, frame, task.output, { more: { result } });
    if (task.compensate) {
      const input = resolveIn(run, frame, task.compensate.with, { more: { result: output } });
      registerCompensation(run, identity, task.compensate, input);
    }
    note('success', { output });
    return settle({ status: 'success', output });
  } catch (error) {
    if (error instanceof Cancelled)
      note('cancelled', { error: new TaskError('CANCELLED', 'Cancelled', { task: path }) });
    if (error instanceof Ended) note('success');
    if (error instanceof TaskError) {
      error.task ??= path;
      note(error.code === 'TIMEOUT' ? 'timeout' : 'failed', { error });
      if (task.onError === 'continue')
        return settle({ status: 'failed', output: { error: error.toInfo() }, error: error.toInfo() });
    }
    const thrown = thrownOf(error);
    Object.assign(frame.changes, taskFrame.changes);
    if (thrown) run.settled.put(path, outcomeOfThrown(thrown));
    throw error;
  } finally {
    if (isLeaf) run.turnover.leave();
  }
}

/** What a run before this one has settled. */
function again(run: Run, task: PlanTask, frame: Frame, settled: Outcome): Outcome {
  setVariables(frame, settled.vars ?? {});
  const thrown = thrownBy(settled);
  if (thrown) throw thrown;
  if (!frame.inLoop) {
    if (!run.isContinued) run.journal.progress(task.size);
    frame.counted.tasks += task.size;
  }
  return settled;
}

/** Its worker records every attempt of an executor task, start and raw result, unless it is somebody else's worker. */
function workerTellsIt(task: PlanTask, status: TaskStatus): boolean {
  if (!isExecutorTask(task) || task.taskQueue !== undefined) return false;
  return status === 'running' || (status === 'success' && task.output === undefined);
}
