import type { Json } from '../src/contract.ts';
import type { TaskList } from '../src/plan/plan.ts';
import type { Outcome } from './outcome.ts';
import { TaskError } from './outcome.ts';
import type { RunTask } from './run-list.ts';
import type { Run } from './run-state.ts';
import type { Frame } from './scope.ts';
import { setVariables, viewOf } from './scope.ts';

/** Of one execution. */
const MOST_JUMPS = 10_000;

/** Where a list with `next` is; JSON. */
type Position = {
  /** Index of the task that runs. */
  at?: number;
  /** How often each was begun. */
  visits?: { [id: string]: number };
  /** What was set since the task around the list began. */
  vars?: { readonly [name: string]: Json };
  /** Id of the one that ended last. */
  last?: string;
};

/** Runs a list as a state machine: `next` names the one that follows; each further visit of a task has a path of its own. */
export async function runJumps(
  run: Run,
  tasks: TaskList,
  frame: Frame,
  runTask: RunTask,
): Promise<Outcome | undefined> {
  const state = run.settled.open(`${frame.path}/${tasks[0]?.id ?? ''}~next`) as Position;
  const indexes = new Map(tasks.map(({ id }, index) => [id, index]));
  const visits = (state.visits ??= {});
  setVariables(frame, state.vars ?? {});
  const pathOf = (id: string) => visitPath(`${frame.path}/${id}`, visits[id] ?? 1);
  let last = restore();
  state.at ??= 0;
  for (let task = tasks[state.at]; task; task = tasks[state.at]) {
    const path = visitPath(`${frame.path}/${task.id}`, (visits[task.id] ?? 0) + 1);
    last = await runTask(task, frame, path);
    if (last.status !== 'skipped' && task.next !== undefined) jump(path);
    if (visits[task.id] !== undefined) run.settled.forget(pathOf(task.id));
    visits[task.id] = (visits[task.id] ?? 0) + 1;
    state.vars = { ...frame.changes };
    state.last = task.id;
    const target = last.status === 'skipped' ? undefined : task.next;
    state.at = target === undefined ? state.at + 1 : (indexes.get(target) ?? tasks.length);
  }
  return last;

  /** What a run before this one has done shows as it did there. */
  function restore(): Outcome | undefined {
    for (const task of tasks) {
      const outcome = run.settled.get(pathOf(task.id));
      if (outcome && visits[task.id] !== undefined) frame.tasks[task.id] = viewOf(task, outcome);
    }
    return state.last === undefined ? undefined : run.settled.get(pathOf(state.last));
  }

  function jump(path: string): void {
    if (++run.jumps.taken > MOST_JUMPS)
      throw new TaskError('LOOP_LIMIT', `More than ${MOST_JUMPS} jumps`, { task: path });
  }
}

/** The first visit's path is plain. */
function visitPath(path: string, visit: number): string {
  return visit > 1 ? `${path}~${visit}` : path;
}
