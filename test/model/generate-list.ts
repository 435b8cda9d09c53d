import { MAKERS } from './generate-tasks.ts';
import type { Place } from './generate-values.ts';
import { condition, executorCall, riskyValue, value } from './generate-values.ts';
import type { Task, TaskType } from './program.ts';

/** How often each type is drawn. */
const WEIGHTS: { readonly [K in TaskType]: number } = {
  executor: 10,
  set: 8,
  wait: 4,
  event: 4,
  emit: 3,
  sub_workflow: 4,
  approval: 4,
  fail: 5,
  end: 6,
  condition: 4,
  sequential: 2,
  switch: 3,
  parallel: 4,
  foreach: 4,
  loop: 4,
  try: 7,
};
const DEEPEST = 3;
const COMPOSITES = ['condition', 'sequential', 'switch', 'parallel', 'foreach', 'loop', 'try'] as const;
/** Over in the instant in which they start, or with an event that others wait for too. */
const INSTANT: readonly TaskType[] = ['set', 'event', 'emit', 'fail', 'end'];

/** A list of tasks: in order, as a graph, or with jumps. */
export function list(place: Place): readonly Task[] {
  const { random } = place;
  const count = random.between(1, place.depth === 0 ? 5 : 3);
  if (count > 1 && random.chance(18)) return graph(place, count);
  const tasks: Task[] = [];
  let here = place;
  if (place.isCrowded) add({ ...common(here, 'executor'), type: 'executor', ...executorCall(here) });
  here = { ...here, isCrowded: false };
  while (tasks.length < count) {
    const next = task(here, tasks.length === count - 1);
    add(next);
    // Waits for events may end in the same instant.
    if (next.type === 'event' || next.type === 'emit') add(pauseAfter(here));
  }
  return random.chance(25) ? withJumps(place, tasks) : tasks;

  function add(made: Task): void {
    tasks.push(made);
    here = { ...here, tasks: [...here.tasks, made.id] };
  }
}

function pauseAfter({ random, nextId }: Place): Task {
  return { id: nextId('t'), type: 'wait', for: random.between(1, 5_000_000) };
}

/** Siblings that run beside each other: each has its own variables. */
function graph(place: Place, count: number): readonly Task[] {
  const { random } = place;
  const tasks: Task[] = [];
  for (let i = 0; i < count; i++) {
    const before = tasks.map(({ id }) => id);
    const waitsForAbove = i > 0 && random.chance(20);
    const dependencies = waitsForAbove ? before.slice(-1) : before.filter(() => random.chance(40));
    const vars = place.vars.filter((_, index) => index % count === i);
    const inner = { ...place, vars, isCrowded: true, tasks: [...place.tasks, ...dependencies] };
    const made = vars.length > 0 ? task(inner, false) : pauseAfter(inner);
    tasks.push({ ...made, ...(waitsForAbove ? {} : { dependencies }) });
  }
  return tasks;
}

/** Forth to a later sibling or out of the list, or back a few times. */
function withJumps({ random, counters, nextId, isCrowded }: Place, tasks: readonly Task[]): readonly Task[] {
  const from = random.between(isCrowded ? 1 : 0, tasks.length - 1);
  const jumping = tasks[from];
  if (!jumping || jumping.type === 'fail' || jumping.type === 'end') return tasks;
  const later = tasks[from + 2]?.id;
  if (random.chance(50)) {
    const next = random.chance(60) && later !== undefined ? later : 'end';
    // What is jumped over can be reached where the jump is skipped.
    const skips = jumping.type === 'condition' ? {} : { if: jumping.if ?? `{% $input.n > ${random.below(3)} %}` };
    return jumping.type === 'condition' && next !== 'end' ? tasks : tasks.with(from, { ...jumping, ...skips, next });
  }
  const name = nextId('jumps');
  counters.push(name);
  const again: Task = {
    ...{ id: nextId('t'), type: 'set', vars: { [name]: `{% $vars.${name} + 1 %}` } },
    ...{ if: `{% $vars.${name} < ${random.between(2, 4)} %}`, next: tasks[random.below(from + 1)]!.id },
  };
  return [...tasks.slice(0, from + 1), again, ...tasks.slice(from + 1)];
}

function task(place: Place, isLast: boolean): Task {
  const type = typeFor(place, isLast);
  // What a table indexed by a union can't express to the compiler is said here once.
  const make = MAKERS[type];
  return { ...common(place, type), type, ...make(place) } as Task;
}

function typeFor({ random, depth, vars, isCrowded, isClosing }: Place, isLast: boolean): TaskType {
  const all = Object.entries(WEIGHTS) as [TaskType, number][];
  const allowed = all.filter(
    ([type]) =>
      (depth < DEEPEST || !(COMPOSITES as readonly string[]).includes(type)) &&
      (type !== 'set' || vars.length > 0) &&
      (!isCrowded || !INSTANT.includes(type)) &&
      (isLast || !['fail', 'end'].includes(type)) &&
      (!isClosing || type !== 'end'),
  );
  let left = random.below(allowed.reduce((sum, [, weight]) => sum + weight, 0));
  return allowed.find(([, weight]) => (left -= weight) < 0)![0];
}

/** Fields that every task may have. */
function common(place: Place, type: TaskType): { readonly id: string } {
  const { random, nextId, isCrowded } = place;
  const isEnd = type === 'fail' || type === 'end';
  const canShape = type !== 'end' && type !== 'fail';
  const withResult = { ...place, others: [...place.others, '$result'] };
  return {
    id: nextId('t'),
    ...(type !== 'condition' && !isCrowded && random.chance(isEnd ? 50 : 10) ? { if: condition(place) } : {}),
    ...(canShape && random.chance(15)
      ? { output: !isCrowded && random.chance(8) ? riskyValue(place) : value(withResult) }
      : {}),
    ...(type !== 'end' && random.chance(15) ? { onError: 'continue' } : {}),
    ...(canShape && type !== 'approval' && random.chance(type === 'event' ? 60 : 10)
      ? { totalTimeout: random.between(1_000_000, 30_000_000) }
      : {}),
    ...(canShape && type !== 'set' && random.chance(20) ? { compensate: executorCall(withResult) } : {}),
  };
}
