import type { Plan, PlanTask, TaskList } from '../plan/plan.ts';
import { PLAN_VERSION } from '../plan/plan.ts';
import { present } from './present.ts';
import type { Definition } from './schema.ts';
import type { TaskDefinition } from './schema/tasks.ts';
import type { CatalogEntry } from './catalog-entry.ts';
import type { Decision } from './decisions.ts';
import { makeTask } from './make-task.ts';

/** What goes into a Plan beside the definition itself. */
export type Making = {
  readonly name: string;
  readonly version: string;
  readonly catalog: ReadonlyMap<string, CatalogEntry>;
  readonly decisions: ReadonlyMap<string, Decision>;
};

/** The Plan of a definition without problems, every default filled in. */
export function makePlan(definition: Definition, making: Making): Plan {
  let order = 0;
  const lists = (tasks: readonly TaskDefinition[]): TaskList =>
    tasks.map((task): PlanTask =>
      makeTask(task, { ...making, order: order++, defaults: definition.defaults ?? {}, lists }),
    );
  const tasks = lists(definition.tasks);
  const { title, timeout, vars, output } = definition;
  return {
    planVersion: PLAN_VERSION,
    name: making.name,
    version: making.version,
    ...present({ title, timeout, vars, output }),
    tasks,
    totalTasks: tasks.reduce((sum, { size }) => sum + size, 0),
  };
}
