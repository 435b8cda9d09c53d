import type { Json } from '../src/contract.ts';
import type { PlanTask, TaskList } from '../src/plan/plan.ts';
import type { Outcome } from './outcome.ts';
import type { Frame, TaskView } from './scope.ts';

export type RunTask = (task: PlanTask, frame: Frame) => Promise<Outcome>;
export type ListResult = { readonly output: Json; readonly tasks: { readonly [id: string]: TaskView } };

/**
 * Runs a list, each task as soon as those it waits for are through; the output is the last written task's.
 * The first failure cancels the running siblings, waits for them and is thrown; the rest never start.
 */
export async function runList(tasks: TaskList, frame: Frame, runTask: RunTask): Promise<ListResult> {
  const views: { [id: string]: TaskView } = { ...frame.tasks };
  const last = isPlain(tasks)
    ? await runInOrder(tasks, { ...frame, tasks: views }, runTask)
    : await runGraph(tasks, { ...frame, tasks: views }, runTask);
  return { output: last?.output ?? null, tasks: views };
}

async function runOne(task: PlanTask, frame: Frame, runTask: RunTask): Promise<Outcome> {
  const outcome = await runTask(task, frame);
  frame.tasks[task.id] = {
    output: task.keep ? outcome.output : null,
    status: outcome.status,
    error: outcome.error ?? null,
  };
  return outcome;
}

/** Nothing runs beside anything: no scope of its own is needed to cancel siblings. */
async function runInOrder(tasks: TaskList, frame: Frame, runTask: RunTask): Promise<Outcome | undefined> {
  let last: Outcome | undefined;
  for (const task of tasks) last = await runOne(task, frame, runTask);
  return last;
}

async function runGraph(tasks: TaskList, frame: Frame, runTask: RunTask): Promise<Outcome | undefined> {
  const scope = frame.host.scope();
  const inner: Frame = { ...frame, host: scope };
  const byId = new Map(tasks.map((task) => [task.id, task]));
  const started = new Map<string, Promise<Outcome>>();
  const failures: unknown[] = [];

  function start(task: PlanTask): Promise<Outcome> {
    const known = started.get(task.id);
    if (known) return known;
    const promise = (async () => {
      for (const id of task.after) {
        const before = byId.get(id);
        if (before) await start(before);
      }
      // A sibling failed in the meantime: what has not started never does.
      if (failures.length > 0) throw failures[0];
      try {
        return await runOne(task, inner, runTask);
      } catch (error) {
        failures.push(error);
        scope.cancel();
        throw error;
      }
    })();
    started.set(task.id, promise);
    return promise;
  }

  await Promise.allSettled(tasks.map(start));
  if (failures.length > 0) throw failures[0];
  const lastTask = tasks.at(-1);
  return lastTask && (await started.get(lastTask.id));
}

function isPlain(tasks: TaskList): boolean {
  return tasks.every((task, index) => {
    const previous = tasks[index - 1];
    return previous === undefined || (task.after.length === 1 && task.after[0] === previous.id);
  });
}
