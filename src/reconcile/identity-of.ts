import type { TaskIdentity } from '../contract.ts';
import type { Plan } from '../plan/plan.ts';
import { walk } from '../plan/walk.ts';

/** What names the task at a path of a Plan, whose ids are unique; undefined where there is none. */
export function identityOf(plan: Plan, path: string): TaskIdentity | undefined {
  const end = path.lastIndexOf('/');
  // A task that is reached again by `next` has its visit's number behind its id.
  const id = path.slice(end + 1).replace(/~\d+$/, '');
  const task = [...walk(plan.tasks)].find((one) => one.task.id === id)?.task;
  if (!task) return undefined;
  const parentPath = path.slice(0, Math.max(end, 0));
  const [, index] = /.*\[(\d+)\]/.exec(parentPath) ?? [];
  return {
    path,
    taskId: task.id,
    type: task.type,
    ...(task.type === 'executor' && { executor: task.executor }),
    // Another one is made where the task runs, from what only the run knows.
    ...(typeof task.title === 'string' && !task.title.includes('{%') && { title: task.title }),
    ...(parentPath !== '' && { parentPath }),
    ...(index !== undefined && { itemIndex: Number(index) }),
    dependencies: task.after,
    order: task.order,
  };
}
