import type { PlanTask, TaskList, TaskOf, TaskType } from './plan.ts';

/** A list of tasks inside a task. */
export type InnerList = {
  /** `then`, `else`, `case<i>`, `default`, `catch<i>`, `finally` or the branch's; undefined where there is only one list. */
  readonly name?: string;
  /** What it adds to the paths of its tasks. */
  readonly path: string;
  readonly tasks: TaskList;
};

type Lists = { readonly [K in TaskType]: (task: TaskOf<K>) => readonly InnerList[] };

const none = (): readonly InnerList[] => [];

const LISTS: Lists = {
  executor: none,
  set: none,
  condition: (task) => [
    { name: 'then', path: '', tasks: task.then },
    { name: 'else', path: '', tasks: task.else },
  ],
  sequential: ({ tasks }) => [{ path: '', tasks }],
  parallel: ({ branches }) => Object.entries(branches).map(([name, tasks]) => ({ name, path: `/${name}`, tasks })),
  foreach: ({ tasks }) => [{ path: '[]', tasks }],
  switch: (task) => [
    ...task.cases.map(({ tasks }, i) => ({ name: `case${i}`, path: '', tasks })),
    { name: 'default', path: '', tasks: task.default },
  ],
  loop: ({ tasks }) => [{ path: '[]', tasks }],
  try: (task) => [
    { name: 'tasks', path: '', tasks: task.tasks },
    ...task.catch.map(({ tasks }, i) => ({ name: `catch${i}`, path: '', tasks })),
    { name: 'finally', path: '', tasks: task.finally },
  ],
  wait: none,
  event: none,
  emit: none,
  sub_workflow: none,
  approval: none,
  fail: none,
  end: none,
};

/** The lists of tasks inside a task, in the order they were written. */
export function listsIn(task: PlanTask): readonly InnerList[] {
  // What a table indexed by a union can't express to the compiler is said here once.
  const lists = LISTS[task.type] as (task: PlanTask) => readonly InnerList[];
  return lists(task);
}

/** Every task, each before what is in it, with its path; an iteration is `[]` in it. */
export function* walk(tasks: TaskList, path = ''): Generator<{ readonly task: PlanTask; readonly path: string }> {
  for (const task of tasks) {
    const own = `${path}/${task.id}`;
    yield { task, path: own };
    for (const inner of listsIn(task)) yield* walk(inner.tasks, `${own}${inner.path}`);
  }
}
