import type { ApprovalStage, PlanTask, TaskList, TaskOf, TaskType } from '../plan/plan.ts';
import { makeExecutorTask } from './make-executor-task.ts';
import type { Making } from './make-plan.ts';
import { present } from './present.ts';
import type { Definition } from './schema.ts';
import type { StageDefinition } from './schema/approval.ts';
import type { TaskDefinition } from './schema/tasks.ts';

const DEFAULT_CONCURRENCY = 100;

export type TaskMaking = Making & {
  /** Of this task. */
  readonly order: number;
  readonly defaults: NonNullable<Definition['defaults']>;
  readonly lists: (tasks: readonly TaskDefinition[]) => TaskList;
};

type Written<K extends TaskType> = TaskDefinition & { type: K };
type Base<K extends TaskType> = Pick<TaskOf<K>, 'id' | 'type' | 'after' | 'order' | 'keep' | 'size'>;
type Makers = { readonly [K in TaskType]: (task: Written<K>, base: Base<K>, making: TaskMaking) => TaskOf<K> };

/** How each type of task gets into a Plan; the fields of every task are in `base`. */
const MAKERS: Makers = {
  executor: makeExecutorTask,
  set: ({ vars }, base) => ({ ...base, vars }),
  condition: (task, base, { lists }) => {
    const [then, otherwise] = [lists(task.then), lists(task.else ?? [])];
    return { ...base, condition: task.if, then, else: otherwise, size: 1 + sizeOf(then) + sizeOf(otherwise) };
  },
  sequential: (task, base, { lists }) => {
    const tasks = lists(task.tasks);
    return { ...base, tasks, size: 1 + sizeOf(tasks) };
  },
  parallel: (task, base, { lists }) => {
    const branches = Object.fromEntries(Object.entries(task.branches).map(([name, tasks]) => [name, lists(tasks)]));
    const size = Object.values(branches).reduce((sum, tasks) => sum + sizeOf(tasks), 1);
    return { ...base, branches, maxConcurrency: task.maxConcurrency ?? DEFAULT_CONCURRENCY, size };
  },
  foreach: (task, base, { lists }) => ({
    ...base,
    items: task.items,
    ...present({ as: task.as }),
    tasks: lists(task.tasks),
    maxConcurrency: task.maxConcurrency ?? DEFAULT_CONCURRENCY,
    collect: task.collect ?? 'all',
  }),
  wait: (task, base) => ({ ...base, ...present({ for: task.for, until: task.until }) }),
  approval: ({ title, description, selfApproval, quorum, form, onReject, ...stage }, base) => ({
    ...base,
    subject: title ?? base.id,
    ...present({ description, form }),
    selfApproval: selfApproval ?? false,
    quorum: typeof quorum === 'string' ? { kind: quorum, count: 0 } : { kind: 'count', count: quorum ?? 1 },
    onReject: onReject ?? 'fail',
    ...stageOf(stage),
  }),
  fail: ({ code, detail }, base) => ({ ...base, code, detail: detail ?? '' }),
  end: ({ output }, base) => ({ ...base, ...present({ result: output }) }),
};

export function makeTask(task: TaskDefinition, making: TaskMaking): PlanTask {
  const { id, type, title, onError } = task;
  const { after, gates, keep } = making.decisions.get(id) ?? { after: [], gates: [], keep: true };
  const base = {
    id,
    type,
    ...present({
      title,
      if: type === 'condition' ? undefined : task.if,
      output: type === 'end' ? undefined : task.output,
      onError,
      totalTimeout: type === 'approval' ? undefined : task.totalTimeout,
    }),
    after,
    ...(gates.length > 0 ? { gates } : {}),
    order: making.order,
    keep,
    size: 1,
  };
  // What a table indexed by a union can't express to the compiler is said here once.
  const make = MAKERS[type] as (task: TaskDefinition, base: object, making: TaskMaking) => PlanTask;
  return make(task, base, making);
}

function stageOf({ assignees, candidateGroups, deadline, onTimeout, escalateTo }: StageDefinition): ApprovalStage {
  return {
    assignees: assignees ?? [],
    candidateGroups: candidateGroups ?? [],
    ...present({ deadline, escalateTo: escalateTo && stageOf(escalateTo) }),
    onTimeout: onTimeout ?? 'fail',
  };
}

function sizeOf(tasks: TaskList): number {
  return tasks.reduce((sum, { size }) => sum + size, 0);
}
