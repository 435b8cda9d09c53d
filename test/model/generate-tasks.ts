import { list } from './generate-list.ts';
import type { Place } from './generate-values.ts';
import { condition, executorCall, number, retry, value } from './generate-values.ts';
import type { Catch, Stage, Task, TaskOf, TaskType } from './program.ts';
import { ERROR_CODES, GROUP, PEOPLE, START } from './world.ts';

type Own<K extends TaskType> = Omit<TaskOf<K>, 'id' | 'type'>;
type Makers = { readonly [K in TaskType]: (place: Place) => Own<K> };

export const EVENT_NAMES = ['paid', 'shipped'] as const;
export const EVENT_KEYS = ['k1', 'k2'] as const;

/** What a task of each type looks like, beside what every task may have. */
export const MAKERS: Makers = {
  executor: executorCall,
  set: (place) => ({ vars: { [place.random.pick(place.vars)]: number(place) } }),
  condition: (place) => ({
    if: condition(place),
    then: list(within(place)),
    ...(place.random.chance(60) ? { else: list(within(place)) } : {}),
  }),
  sequential: (place) => ({ tasks: list(within(place)) }),
  switch: (place) => ({
    cases: times(place, 1, 3, () => ({ when: condition(place), tasks: list(within(place)) })),
    ...(place.random.chance(60) ? { default: list(within(place)) } : {}),
  }),
  parallel: (place) => {
    const { random } = place;
    const count = random.between(2, 3);
    const inner = within(place, { isCrowded: true });
    return {
      branches: Object.fromEntries(['left', 'right', 'mid'].slice(0, count).map((name) => [name, list(inner)])),
      ...(random.chance(20) ? { maxConcurrency: random.between(1, 2) } : {}),
      ...(random.chance(50) ? { join: random.pick(['any', { count: random.between(1, count) }]) } : {}),
    };
  },
  foreach: (place) => {
    const { random, nextId } = place;
    const width = random.between(1, 3);
    const batch = random.chance(20) ? random.between(1, 3) : undefined;
    const as = random.chance(20) ? nextId('as') : undefined;
    const items = ['$item', ...(as === undefined ? [] : [`$${as}`])];
    const roots = { numbers: [...place.numbers.filter((root) => root !== '$item'), '$index'], others: place.others };
    if (batch === undefined) roots.numbers = [...roots.numbers, ...items];
    else roots.others = [...roots.others, ...items];
    const inner = within(place, { ...roots, isCrowded: place.isCrowded || width > 1 });
    return {
      items: times(place, 0, 4, () => number(place)),
      tasks: list(inner),
      maxConcurrency: width,
      ...(as === undefined ? {} : { as }),
      ...(batch === undefined ? {} : { batch }),
      ...(random.chance(40) ? { collect: random.pick(['all', 'last', 'none']) } : {}),
      ...(random.chance(40)
        ? { tolerate: random.pick([{ failures: random.below(3) }, { percent: random.pick([15, 30, 60, 90]) }]) }
        : {}),
    };
  },
  loop: (place) => {
    const { random } = place;
    const inner = within(place, { numbers: [...place.numbers, '$index'] });
    const asked = random.pick(['while', 'until'] as const);
    const often = `{% $index ${asked === 'while' ? '<' : '>'} ${random.below(4)} %}`;
    const when = random.chance(70) ? often : condition({ ...inner, tasks: place.tasks });
    // Its last task's is a small number.
    const byResult = random.chance(25);
    const only: Task = { id: place.nextId('t'), type: 'executor', ...executorCall(inner) };
    const [counter] = place.vars;
    const counts = counter !== undefined && !byResult && random.chance(50);
    const tasks = byResult ? [only] : list(inner);
    return {
      [asked]: byResult ? `{% $result = ${random.below(4)} %}` : when,
      tasks: counts && !isGraph(tasks) ? [...tasks, countUp(place, counter)] : tasks,
      maxIterations: random.between(1, 4),
    };
  },
  try: (place) => {
    const { random, nextId } = place;
    const onFailure = random.chance(40) ? { onFailure: 'compensate' as const } : {};
    const closing = random.chance(45) ? { finally: list(within(place, { isClosing: true })) } : {};
    const needed = Object.keys({ ...onFailure, ...closing }).length === 0 ? 1 : 0;
    const drawn = times(place, needed, 2, (): Catch => {
      const as = random.chance(30) ? nextId('as') : undefined;
      const others = [...place.others, '$error', '$error.code', ...(as === undefined ? [] : [`$${as}.task`])];
      return {
        errors: random.chance(40) ? ['*'] : [random.pick([...ERROR_CODES, 'TIMEOUT', 'STOP', 'CANCELLED'])],
        ...(random.chance(20) ? { when: `{% $error.code = '${random.pick(ERROR_CODES)}' %}` } : {}),
        ...(as === undefined ? {} : { as }),
        tasks: list(within(place, { others, isCrowded: false })),
      };
    });
    // One for all is the last: what stands below it is never taken.
    const all = drawn.findIndex(({ errors, when }) => errors.includes('*') && when === undefined);
    const clauses = all < 0 ? drawn : drawn.slice(0, all + 1);
    const tasks = list(within(place));
    const fails: Task = { id: nextId('t'), type: 'fail', ...MAKERS.fail(place) };
    return {
      tasks: random.chance(25) && !place.isCrowded && !isGraph(tasks) && !ends(tasks) ? [...tasks, fails] : tasks,
      ...(clauses.length > 0 ? { catch: clauses } : {}),
      ...closing,
      ...onFailure,
    };
  },
  event: ({ random }) => ({
    name: random.pick(EVENT_NAMES),
    ...(random.chance(40) ? { key: random.pick(EVENT_KEYS) } : {}),
    ...(random.chance(30) ? { where: `{% $event.data ${random.pick(['>', '<', '='])} ${random.below(4)} %}` } : {}),
    ...(random.chance(30) ? { count: random.between(1, 3) } : {}),
  }),
  emit: (place) => ({
    name: place.random.pick(EVENT_NAMES),
    ...(place.random.chance(40) ? { key: place.random.pick(EVENT_KEYS) } : {}),
    data: number(place),
  }),
  sub_workflow: (place) => {
    const { random } = place;
    const mode = !place.isCrowded && random.chance(25) ? ('detach' as const) : undefined;
    return {
      workflow: 'other',
      input: { given: value(place) },
      ...(mode === undefined ? {} : { mode }),
      ...(random.chance(50) ? { onParentClose: random.pick(['cancel', 'terminate', 'abandon']) } : {}),
      ...(mode === undefined && random.chance(40) ? { timeout: random.between(2_000_000, 9_000_000) } : {}),
      ...(mode === undefined && random.chance(40) ? { retry: retry(place) } : {}),
    };
  },
  wait: (place) => {
    const { random } = place;
    const ms = random.between(1, 9_000_000);
    const until = new Date(START + random.between(1, 50_000_000)).toISOString();
    const choices: Own<'wait'>[] = [{ for: ms }, { for: `${ms}ms` }, { for: `{% $input.n + ${ms} %}` }];
    return random.pick(place.isCrowded ? choices : [...choices, { until }]);
  },
  approval: (place) => {
    const { random } = place;
    const called = { ...place, others: [...place.others, '$approval.title', '$approval.assignees'] };
    const reminders = { ...executorCall(called), executor: 'work', every: random.between(1_000_000, 6_000_000) };
    const stage = (level: number): Stage => {
      const onTimeout = random.pick([
        'fail',
        'approve',
        'reject',
        ...(level < 2 ? ['escalate' as const] : []),
      ] as const);
      const who = random.chance(30)
        ? { candidateGroups: [GROUP] }
        : { assignees: PEOPLE.slice(0, random.between(2, 3)) };
      if (!random.chance(75)) return who;
      const deadline = random.between(1_000_000, 20_000_000);
      return {
        ...{ ...who, deadline, onTimeout },
        ...(onTimeout === 'escalate' ? { escalateTo: stage(level + 1) } : {}),
      };
    };
    const first = stage(0);
    const many = first.candidateGroups ? [1, 2] : [1, 2, 'all' as const, 'majority' as const];
    return {
      ...first,
      ...(random.chance(60) ? { quorum: random.pick(many) } : {}),
      ...(random.chance(50) ? { onReject: 'continue' as const } : {}),
      ...(random.chance(25) ? { reminders } : {}),
    };
  },
  fail: ({ random }) => ({ code: random.pick([...ERROR_CODES, 'STOP', 'CANCELLED', 'CANCELLED', 'TIMEOUT']) }),
  end: (place) => ({ output: value(place) }),
};

function countUp({ nextId }: Place, name: string): Task {
  return { id: nextId('t'), type: 'set', vars: { [name]: `{% $vars.${name} + 1 %}` } };
}

function isGraph(tasks: readonly Task[]): boolean {
  return tasks.some(({ dependencies }) => dependencies !== undefined);
}

function ends(tasks: readonly Task[]): boolean {
  return tasks.some(({ type }) => type === 'fail' || type === 'end');
}

function within(place: Place, change: Partial<Place> = {}): Place {
  return { ...place, depth: place.depth + 1, ...change };
}

function times<T>({ random }: Place, least: number, most: number, make: () => T): T[] {
  return Array.from({ length: random.between(least, most) }, make);
}
