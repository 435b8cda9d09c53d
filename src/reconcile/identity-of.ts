import type { TaskIdentity } from '../contract.ts';
import type { Plan, PlanTask, TaskList } from '../plan/plan.ts';

/** What names the task at a path of a Plan; undefined where there is none. */
export function identityOf(plan: Plan, path: string): TaskIdentity | undefined {
  const end = path.lastIndexOf('/');
  const task = findTask(plan.tasks, path.slice(end + 1));
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

/** Ids are unique in a definition. */
function findTask(tasks: TaskList, id: string): PlanTask | undefined {
  for (const task of tasks) {
    if (task.id === id) return task;
    for (const list of listsIn(task)) {
      const found = findTask(list, id);
      if (found) return found;
    }
  }
  return undefined;
}

function listsIn(task: PlanTask): readonly TaskList[] {
  if (task.type === 'condition') return [task.then, task.else];
  if (task.type === 'parallel') return Object.values(task.branches);
  return task.type === 'sequential' || task.type === 'foreach' ? [task.tasks] : [];
}
