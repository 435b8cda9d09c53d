import type { ApprovalStage, PlanTask, TaskList, TaskOf, TaskType } from '../plan/plan.ts';
import { makeCall, makeRetry, ownEntryOf } from './make-call.ts';
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
  executor: (task, base, making) => {
    const call = makeCall(task, making);
    // Beside a timer or people it would freeze them; without a limit of attempts nothing would ever end it.
    const mayBeLocal =
      call.taskQueue === undefined &&
      call.retry.maxAttempts > 0 &&
      making.decisions.get(task.id)?.hasClockBeside !== true;
    const isLocal = task.local ?? ownEntryOf(task, making.catalog)?.local ?? false;
    return { ...base, ...call, local: mayBeLocal && isLocal };
  },
  set: ({ vars }, base) => ({ ...base, vars }),
  condition: (task, base, { lists }) => {
    const [then, otherwise] = [lists(task.then), lists(task.else ?? [])];
    return { ...base, condition: task.if, then, else: otherwise, size: 1 + sizeOf(then, otherwise) };
  },
  switch: (task, base, { lists }) => {
    const cases = task.cases.map(({ when, tasks }) => ({ when, tasks: lists(tasks) }));
    const otherwise = lists(task.default ?? []);
    return { ...base, cases, default: otherwise, size: 1 + sizeOf(...listsOf(cases), otherwise) };
  },
  sequential: (task, base, { lists }) => {
    const tasks = lists(task.tasks);
    return { ...base, tasks, size: 1 + sizeOf(tasks) };
  },
  parallel: (task, base, { lists }) => {
    const branches = Object.fromEntries(Object.entries(task.branches).map(([name, tasks]) => [name, lists(tasks)]));
    const { join = 'all', maxConcurrency = DEFAULT_CONCURRENCY } = task;
    const count = join === 'any' ? 1 : join === 'all' ? undefined : join.count;
    const size = 1 + sizeOf(...Object.values(branches));
    return { ...base, branches, maxConcurrency, ...present({ join: count }), size };
  },
  foreach: (task, base, { lists }) => ({
    ...base,
    items: task.items,
    ...present({ as: task.as }),
    tasks: lists(task.tasks),
    maxConcurrency: task.maxConcurrency ?? DEFAULT_CONCURRENCY,
    collect: task.collect ?? 'all',
    ...present({ batch: task.batch, tolerate: task.tolerate && tolerated(task.tolerate) }),
  }),
  loop: (task, base, { lists }) => ({
    ...base,
    ...present({ while: task.while, until: task.until }),
    tasks: lists(task.tasks),
    maxIterations: task.maxIterations,
  }),
  try: (task, base, { lists }) => {
    const tasks = lists(task.tasks);
    const clauses = (task.catch ?? []).map(({ errors, when, as, tasks: own }) => ({
      errors,
      ...present({ when, as }),
      tasks: lists(own),
    }));
    const last = lists(task.finally ?? []);
    const size = 1 + sizeOf(tasks, ...listsOf(clauses), last);
    return { ...base, tasks, catch: clauses, finally: last, compensates: task.onFailure === 'compensate', size };
  },
  event: ({ name, key, where, count }, base) => ({ ...base, name, ...present({ key, where }), count: count ?? 1 }),
  emit: ({ name, key, data }, base) => ({ ...base, name, ...present({ key }), data }),
  sub_workflow: ({ workflow, version, input, mode = 'wait', onParentClose, timeout, retry }, base) => ({
    ...base,
    workflow,
    ...present({ version, timeout }),
    input: input ?? {},
    mode,
    onParentClose: onParentClose ?? (mode === 'wait' ? 'cancel' : 'abandon'),
    retry: makeRetry({ maxAttempts: 1 }, retry),
  }),
  wait: (task, base) => ({ ...base, ...present({ for: task.for, until: task.until }) }),
  approval: ({ title, description, selfApproval, quorum, form, onReject, reminders, ...stage }, base, making) => ({
    ...base,
    subject: title ?? base.id,
    ...present({ description, form }),
    ...(reminders ? { reminders: { ...makeCall(reminders, making), every: reminders.every } } : {}),
    selfApproval: selfApproval ?? false,
    quorum: typeof quorum === 'string' ? { kind: quorum, count: 0 } : { kind: 'count', count: quorum ?? 1 },
    onReject: onReject ?? 'fail',
    ...stageOf(stage),
  }),
  fail: ({ code, detail }, base) => ({ ...base, code, detail: detail ?? '' }),
  end: ({ output }, base) => ({ ...base, ...present({ result: output }) }),
};

export function makeTask(task: TaskDefinition, making: TaskMaking): PlanTask {
  const { id, type, title, onError, compensate, next } = task;
  const { after, gates, keep } = making.decisions.get(id) ?? { after: [], gates: [], keep: true };
  const base = {
    id,
    type,
    ...present({
      title,
      if: type === 'condition' ? undefined : task.if,
      output: type === 'end' ? undefined : task.output,
      onError,
      compensate: compensate && makeCall(compensate, making),
      next,
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

function tolerated({ failures, percent }: NonNullable<Written<'foreach'>['tolerate']>) {
  return failures === undefined ? { percent: percent ?? 0 } : { failures };
}

function listsOf(parts: readonly { readonly tasks: TaskList }[]): readonly TaskList[] {
  return parts.map(({ tasks }) => tasks);
}

function sizeOf(...lists: readonly TaskList[]): number {
  return lists.flat().reduce((sum, { size }) => sum + size, 0);
}
