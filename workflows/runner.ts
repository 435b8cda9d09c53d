import type { Json, TaskIdentity } from '../src/contract.ts';
import type { PlanTask, TaskList, TaskOf, TaskType } from '../src/plan/plan.ts';
import type { ListResult } from './run-list.ts';
import type { Run } from './run-state.ts';
import type { Frame } from './scope.ts';
import type { OpenState } from './settled.ts';

/** What a runner gets: its task, its place, and how to run the lists inside it. */
export type TaskContext<K extends TaskType> = {
  readonly run: Run;
  readonly task: TaskOf<K>;
  readonly path: string;
  readonly identity: TaskIdentity;
  /** Its `host` is cancelled with the task, also by its `totalTimeout`. */
  readonly frame: Frame;
  readonly startedAt: number;
  /** What it knows of itself: carried into a run that goes on, so whatever is decided is written here at once. */
  readonly state: OpenState;
  readonly runList: (tasks: TaskList, frame: Frame) => Promise<ListResult>;
  /** What the mirror shows as the task's input. */
  readonly showInput: (input: Json) => void;
  /** Says which way it chose, for the gates of those that come after it. */
  readonly chooseWay: (way: string) => void;
};

/** Does what a task of its type does and gives its raw result. */
export type Runner<K extends TaskType> = (context: TaskContext<K>) => Json | Promise<Json>;

/** One runner for every type: a type without one does not compile. */
export type Runners = { readonly [K in TaskType]: Runner<K> };

/** Runs a task by the runner of its type; what a table indexed by a union can't express to the compiler is said here once. */
export async function runByType(runners: Runners, context: TaskContext<TaskType>): Promise<Json> {
  const runner = runners[context.task.type] as Runner<TaskType>;
  return await runner(context);
}

export function isExecutorTask(task: PlanTask): task is TaskOf<'executor'> {
  return task.type === 'executor';
}
