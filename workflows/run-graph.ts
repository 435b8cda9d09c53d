import type { PlanTask, TaskList } from '../src/plan/plan.ts';
import type { Outcome } from './outcome.ts';
import type { RunTask } from './run-list.ts';
import type { Run } from './run-state.ts';
import { firstThrown } from './rethrow.ts';
import type { Frame } from './scope.ts';

/** Runs a list with dependencies, each task as soon as those it waits for are through. */
export async function runGraph(
  run: Run,
  tasks: TaskList,
  frame: Frame,
  runTask: RunTask,
): Promise<Outcome | undefined> {
  const scope = frame.host.scope();
  const inner: Frame = { ...frame, host: scope };
  const byId = new Map(tasks.map((task) => [task.id, task]));
  const started = new Map<string, Promise<Outcome>>();
  const pathOf = ({ id }: PlanTask) => `${frame.path}/${id}`;
  const failures: unknown[] = [];

  function hasBegun(task: PlanTask): boolean {
    const path = pathOf(task);
    return run.settled.opened(path) !== undefined || run.settled.get(path) !== undefined;
  }

  function fail(error: unknown): void {
    failures.push(error);
    scope.cancel();
  }

  function start(task: PlanTask): Promise<Outcome> {
    const known = started.get(task.id);
    if (known) return known;
    const promise = (async () => {
      for (const id of task.after) {
        const before = byId.get(id);
        if (before) await start(before);
      }
      // A sibling failed in the meantime: what has not started never does.
      if (failures.length > 0 && !hasBegun(task)) throw failures[0];
      try {
        return await runTask(task, inner);
      } catch (error) {
        fail(error);
        throw error;
      }
    })();
    started.set(task.id, promise);
    return promise;
  }

  const thrown = firstThrown(run, tasks.map(pathOf));
  if (thrown) fail(thrown);
  await Promise.allSettled(tasks.map(start));
  if (failures.length > 0) throw failures[0];
  const lastTask = tasks.at(-1);
  return lastTask && (await started.get(lastTask.id));
}
