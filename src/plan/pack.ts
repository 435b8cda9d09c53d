/** How a Plan travels to Temporal: without what every task has, as each history begins with it. */
import type { Plan, Retry, TaskList } from './plan.ts';
import { walk } from './walk.ts';

/**
 * JSON, whose tasks may lack what {@link ALWAYS} and {@link OF_TYPE} give, their place, the most usual type, and what
 * all calls of executors have: that stands once, in `calls`.
 */
export type PackedPlan = { readonly [field: string]: unknown };

type Fields = { readonly [field: string]: unknown };

/** They stay as they are for good: histories lack them. */
const RETRY: Retry = {
  maxAttempts: 3,
  initialInterval: 1_000,
  backoffCoefficient: 2,
  maximumInterval: 60_000,
  nonRetryable: [],
};
const CALL: Fields = { timeout: 60_000, retry: RETRY };
const ALWAYS: Fields = { keep: true, size: 1 };
const USUAL = 'executor';
const OF_TYPE: { readonly [type: string]: Fields } = {
  executor: { ...CALL, local: false },
  sub_workflow: { retry: RETRY },
};
/** Fields that all tasks which call an executor may share, as a definition's defaults make them. */
const SHARED = ['executor', 'timeout', 'retry', 'local'] as const;
/** What calls an executor beside its task's own work. */
const CALLS = ['compensate', 'reminders'];
const LISTS = ['tasks', 'then', 'else', 'default', 'finally'];
/** Lists of what has a list of tasks. */
const CLAUSES = ['cases', 'catch'];

/** Where a Plan belongs, which says a part of it. */
export type PlanOwner = { readonly workflow: string; readonly version: string };

/** Numbers tasks as they are written, an outer one before those in it; `calls` is what all calls share. */
type Walk = { next: number; readonly calls: Fields };

export function packPlan({ tasks, ...rest }: Plan, owner: PlanOwner): PackedPlan {
  const calls = sharedOf(tasks);
  return {
    ...without(rest, expectedAround(tasks, owner)),
    ...(Object.keys(calls).length > 0 && { calls }),
    tasks: packList(tasks, { next: 0, calls }),
  };
}

/** Also one that was never packed. */
export function unpackPlan({ calls = {}, ...packed }: PackedPlan, owner: PlanOwner): Plan {
  const start = { next: 0, calls: calls as Fields };
  const tasks = unpackList(packed['tasks'] as readonly Fields[], start) as unknown as TaskList;
  return { ...expectedAround(tasks, owner), ...packed, tasks };
}

function expectedAround(tasks: TaskList, { workflow, version }: PlanOwner) {
  const totalTasks = tasks.reduce((sum, { size }) => sum + size, 0);
  return { planVersion: 1, name: workflow, version, totalTasks };
}

/** Worth its words from the second call on, and where it isn't as expected anyhow. */
function sharedOf(tasks: TaskList): Fields {
  const [first, ...others] = [...walk(tasks)].flatMap(({ task }) => (task.type === 'executor' ? [task] : []));
  if (!first || others.length === 0) return {};
  const shared = SHARED.filter((field) => others.every((other) => isSame(other[field], first[field])));
  return without(Object.fromEntries(shared.map((field) => [field, first[field]])), expectedOf(first.type, {}));
}

function packList(tasks: TaskList, at: Walk): readonly Fields[] {
  return tasks.map((task, index) => {
    const given = { type: USUAL, ...expectedOf(task.type, at.calls), order: at.next++, after: afterOf(tasks, index) };
    return without(
      within(
        task,
        (list) => packList(list as TaskList, at),
        (call) => without(call, CALL),
      ),
      given,
    );
  });
}

function unpackList(tasks: readonly Fields[], at: Walk): readonly Fields[] {
  return tasks.map((task, index) => ({
    type: USUAL,
    ...expectedOf(task['type'], at.calls),
    order: at.next++,
    after: afterOf(tasks, index),
    ...within(
      task,
      (list) => unpackList(list, at),
      (call) => ({ ...CALL, ...call }),
    ),
  }));
}

function expectedOf(type: unknown = USUAL, calls: Fields): Fields {
  return { ...ALWAYS, ...OF_TYPE[String(type)], ...(type === 'executor' && calls) };
}

/** Most wait for the one above them. */
function afterOf(tasks: readonly Fields[], index: number): readonly unknown[] {
  const above = tasks[index - 1];
  return above ? [above['id']] : [];
}

/** A task whose inner lists and calls beside are replaced. */
function within(
  task: Fields,
  list: (tasks: readonly Fields[]) => readonly Fields[],
  call: (call: Fields) => Fields,
): Fields {
  const replaced: { [field: string]: unknown } = {};
  for (const [field, value] of Object.entries(task)) {
    if (LISTS.includes(field)) replaced[field] = list(value as readonly Fields[]);
    else if (CALLS.includes(field)) replaced[field] = call(value as Fields);
    else if (CLAUSES.includes(field)) {
      replaced[field] = (value as readonly Fields[]).map((clause) => within(clause, list, call));
    } else if (field === 'branches') {
      const branches = Object.entries(value as Fields).map(([name, tasks]) => [name, list(tasks as readonly Fields[])]);
      replaced[field] = Object.fromEntries(branches);
    } else replaced[field] = value;
  }
  return replaced;
}

/** Of `fields` those that are not as expected. */
export function without<All extends object>(fields: All, expected: Fields): Partial<All> {
  const others = Object.entries(fields).filter(
    ([field, value]) => !(field in expected) || !isSame(value, expected[field]),
  );
  return Object.fromEntries(others) as Partial<All>;
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
