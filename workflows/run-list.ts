import type { Json } from '../src/contract.ts';
import type { PlanTask, TaskList } from '../src/plan/plan.ts';
import type { Outcome } from './outcome.ts';
import type { Run } from './run-state.ts';
import type { Frame, TaskView } from './scope.ts';
import { viewOf } from './scope.ts';
import { runGraph } from './run-graph.ts';
import { runJumps } from './run-jumps.ts';

export type RunTask = (task: PlanTask, frame: Frame, path?: string) => Promise<Outcome>;
export type ListResult = { readonly output: Json; readonly tasks: { readonly [id: string]: TaskView } };

/**
 * Runs a list: in order, by its jumps, or each task as soon as those it waits for are through; the output is the last
 * written task's, with jumps that of the one which ended last.
 * The first failure cancels the running siblings, waits for them and is thrown; the rest never start.
 */
export async function runList(run: Run, tasks: TaskList, frame: Frame, runTask: RunTask): Promise<ListResult> {
  const hasJumps = tasks.some(({ next }) => next !== undefined);
  const views: { [id: string]: TaskView } = { ...frame.tasks };
  const inner: Frame = { ...frame, tasks: views };
  const runOne: RunTask = async (task, place, path) => {
    const outcome = await runTask(task, place, path);
    // It is the list's, which shows in the row of what is around it: a run that goes on has to know it.
    if (hasJumps || task === tasks.at(-1)) run.settled.keepOutput(path ?? `${place.path}/${task.id}`, outcome.output);
    views[task.id] = viewOf(task, outcome);
    return outcome;
  };
  const runInside = hasJumps ? runJumps : isPlain(tasks) ? runInOrder : runGraph;
  const last = await runInside(run, tasks, inner, runOne);
  return { output: last?.output ?? null, tasks: views };
}

/** Nothing runs beside anything: no scope of its own is needed to cancel siblings. */
async function runInOrder(_: Run, tasks: TaskList, frame: Frame, runTask: RunTask): Promise<Outcome | undefined> {
  let last: Outcome | undefined;
  for (const task of tasks) last = await runTask(task, frame);
  return last;
}

function isPlain(tasks: TaskList): boolean {
  return tasks.every((task, index) => {
    const previous = tasks[index - 1];
    return previous === undefined || (task.after.length === 1 && task.after[0] === previous.id);
  });
}
