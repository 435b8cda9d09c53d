import type { TaskIdentity } from '../src/contract.ts';
import type { PlanTask } from '../src/plan/plan.ts';
import { TaskError } from './outcome.ts';
import type { Run } from './run-state.ts';
import { isExecutorTask } from './runner.ts';
import type { Frame } from './scope.ts';
import { resolveIn } from './scope.ts';

/** What the mirror and its worker know a task by. */
export function identify(run: Run, task: PlanTask, path: string, frame: Frame): TaskIdentity {
  const identity: { -readonly [Field in keyof TaskIdentity]: TaskIdentity[Field] } = {
    path,
    taskId: task.id,
    type: task.type,
    dependencies: task.after,
    order: task.order,
  };
  if (isExecutorTask(task)) identity.executor = task.executor;
  if (task.title !== undefined) identity.title = titleOf(run, frame, task);
  if (frame.path !== '') identity.parentPath = frame.path;
  if (frame.itemIndex !== undefined) identity.itemIndex = frame.itemIndex;
  return identity;
}

/** A title is for people: one that can't be made must not fail the task. */
function titleOf(run: Run, frame: Frame, task: PlanTask): string {
  try {
    const title = resolveIn(run, frame, task.title ?? '');
    return typeof title === 'string' ? title.slice(0, 200) : JSON.stringify(title).slice(0, 200);
  } catch (error) {
    if (error instanceof TaskError) return task.id;
    throw error;
  }
}
