/** How a Plan travels to Temporal: without what every task has, as each history begins with it. */
import type { Plan, Retry, TaskList } from './plan.ts';

/** JSON, whose tasks may lack what {@link ALWAYS} and {@link OF_TYPE} give, their place, and the most usual type. */
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
/** What calls an executor beside its task's own work. */
const CALLS = ['compensate', 'reminders'];
const LISTS = ['tasks', 'then', 'else', 'default', 'finally'];
/** Lists of what has a list of tasks. */
const CLAUSES = ['cases', 'catch'];

/** Where a Plan belongs, which says a part of it. */
export type PlanOwner = { readonly workflow: string; readonly version: string };

/** Numbers tasks as they are written, an outer one before those in it. */
type Counter = { next: number };

export function packPlan({ tasks, ...rest }: Plan, owner: PlanOwner): PackedPlan {
  return { ...without(rest, expectedAround(tasks, owner)), tasks: packList(tasks, { next: 0 }) };
}

/** Also one that was never packed. */
export function unpackPlan(packed: PackedPlan, owner: PlanOwner): Plan {
  const tasks = unpackList(packed['tasks'] as readonly Fields[], { next: 0 }) as unknown as TaskList;
  return { ...expectedAround(tasks, owner), ...packed, tasks };
}

function expectedAround(tasks: TaskList, { workflow, version }: PlanOwner) {
  const totalTasks = tasks.reduce((sum, { size }) => sum + size, 0);
  return { planVersion: 1, name: workflow, version, totalTasks };
}

function packList(tasks: TaskList, counter: Counter): readonly Fields[] {
  return tasks.map((task, index) => {
    const given = { type: USUAL, ...expectedOf(task.type), order: counter.next++, after: afterOf(tasks, index) };
    return without(
      within(
        task,
        (list) => packList(list as TaskList, counter),
        (call) => without(call, CALL),
      ),
      given,
    );
  });
}

function unpackList(tasks: readonly Fields[], counter: Counter): readonly Fields[] {
  return tasks.map((task, index) => ({
    type: USUAL,
    ...expectedOf(task['type']),
    order: counter.next++,
    after: afterOf(tasks, index),
    ...within(
      task,
      (list) => unpackList(list, counter),
      (call) => ({ ...CALL, ...call }),
    ),
  }));
}

function expectedOf(type: unknown = USUAL): Fields {
  return { ...ALWAYS, ...OF_TYPE[String(type)] };
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
    ([field, value]) => !(field in expected) || JSON.stringify(value) !== JSON.stringify(expected[field]),
  );
  return Object.fromEntries(others) as Partial<All>;
}
