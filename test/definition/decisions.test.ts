import { describe, expect, it } from 'vitest';
import { compile } from '../../src/definition/compile.ts';
import type { CatalogEntry } from '../../src/definition/compile.ts';
import type { PlanTask } from '../../src/plan/plan.ts';
import { walk } from '../../src/plan/walk.ts';

const catalog: readonly CatalogEntry[] = [
  { name: 'quick', local: true, inputSchema: {}, defaults: undefined },
  { name: 'call', local: false, inputSchema: {}, defaults: undefined },
];

/** One line each: `quick` and `call` are executor tasks, the rest is written out. */
function tasksOf(source: string): ReadonlyMap<string, PlanTask> {
  const compiled = compile(source, { format: 'yaml', catalog });
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems, null, 2));
  return new Map([...walk(compiled.plan.tasks)].map(({ task }) => [task.id, task]));
}

const quick = (id: string, more = ''): string => `{ id: ${id}, type: executor, executor: quick${more} }`;
const wait = (id: string, more = ''): string => `{ id: ${id}, type: wait, for: 1s${more} }`;
const ask = (id: string, more = ''): string => `{ id: ${id}, type: approval, assignees: [x]${more} }`;
const free = ', dependencies: []';

describe('local', () => {
  it.each<[why: string, tasks: string, local: readonly string[], normal: readonly string[]]>([
    ['as the executor says', `[${quick('a')}, { id: b, type: executor, executor: call }]`, ['a'], ['b']],
    [
      'as the task says',
      `[${quick('a', ', local: false')}, { id: b, type: executor, executor: call, local: true }]`,
      ['b'],
      ['a'],
    ],
    ['not on another task queue', `[${quick('a', ', taskQueue: python, local: true')}]`, [], ['a']],
    ['not without a limit of attempts', `[${quick('a', ', retry: { maxAttempts: 0 }')}]`, [], ['a']],
    ['before and after a wait', `[${quick('a')}, ${wait('w')}, ${quick('b')}]`, ['a', 'b'], []],
    ['not beside a wait', `[${quick('a', free)}, ${wait('w', free)}]`, [], ['a']],
    [
      'not beside an approval, even when asked for',
      `[${quick('a', `${free}, local: true`)}, ${ask('p', free)}]`,
      [],
      ['a'],
    ],
    [
      'after what is beside',
      `[${quick('a', free)}, ${wait('w', free)}, ${quick('b', ', dependencies: [a, w]')}]`,
      ['b'],
      ['a'],
    ],
    [
      'before what comes later',
      `[${quick('a', free)}, ${wait('w', ', dependencies: [a]')}, ${quick('b', ', dependencies: [a]')}]`,
      ['a'],
      ['b'],
    ],
    [
      'not beside a group with a wait in it',
      `[${quick('a', free)}, { id: g, type: sequential, dependencies: [], tasks: [${quick('b')}, ${wait('w')}] }]`,
      ['b'],
      ['a'],
    ],
    [
      'not in a group beside a wait',
      `[${wait('w', free)}, { id: g, type: sequential, dependencies: [], tasks: [${quick('a')}] }]`,
      [],
      ['a'],
    ],
    [
      'not beside a deadline',
      `[${quick('a', free)}, { id: s, type: set, vars: {}, totalTimeout: 1m, dependencies: [] }]`,
      [],
      ['a'],
    ],
    [
      'not under one',
      `[{ id: g, type: sequential, totalTimeout: 1m, tasks: [${quick('a')}] }, ${quick('b')}]`,
      ['b'],
      ['a'],
    ],
    ['not with one', `[${quick('a', ', totalTimeout: 1m')}]`, [], ['a']],
    [
      'not beside a branch with a wait',
      `[{ id: p, type: parallel, branches: { x: [${quick('a')}], y: [${quick('b')}, ${wait('w')}] } }]`,
      ['b'],
      ['a'],
    ],
    [
      'in branches one after the other',
      `[{ id: p, type: parallel, maxConcurrency: 1, branches: { x: [${quick('a')}], y: [${wait('w')}] } }]`,
      ['a'],
      [],
    ],
    [
      'in branches without any',
      `[{ id: p, type: parallel, branches: { x: [${quick('a')}], y: [${quick('b')}] } }, ${wait('w')}]`,
      ['a', 'b'],
      [],
    ],
    [
      'not beside iterations with a wait',
      `[{ id: f, type: foreach, items: [1, 2], tasks: [${quick('a')}, ${ask('p')}] }]`,
      [],
      ['a'],
    ],
    [
      'in iterations one after the other',
      `[{ id: f, type: foreach, items: [1, 2], maxConcurrency: 1, tasks: [${quick('a')}, ${ask('p')}] }]`,
      ['a'],
      [],
    ],
    [
      'in iterations without any',
      `[{ id: f, type: foreach, items: [1, 2], tasks: [${quick('a')}] }, ${wait('w')}]`,
      ['a'],
      [],
    ],
  ])('%s', (_, tasks, local, normal) => {
    const found = tasksOf(`tasks: ${tasks}`);
    for (const id of local) expect([id, found.get(id)]).toMatchObject([id, { local: true }]);
    for (const id of normal) expect([id, found.get(id)]).toMatchObject([id, { local: false }]);
  });

  it("the execution's own timeout changes nothing", () => {
    expect(tasksOf(`timeout: 1h\ntasks: [${quick('a')}]`).get('a')).toMatchObject({ local: true });
  });
});

describe('keep', () => {
  const read = (id: string): string => `{% $tasks.${id}.output %}`;
  it.each<[why: string, source: string, kept: readonly string[], dropped: readonly string[]]>([
    ['what is last, as the output', `tasks: [${quick('a')}, ${quick('b')}]`, ['b'], ['a']],
    ['nothing, where the output is fixed', `tasks: [${quick('a')}, ${quick('b')}]\noutput: done`, [], ['a', 'b']],
    ['what the output reads', `tasks: [${quick('a')}, ${quick('b')}]\noutput: "${read('a')}"`, ['a'], ['b']],
    [
      'what a later task reads',
      `tasks: [${quick('a')}, ${quick('b', `, with: "${read('a')}"`)}]\noutput: 1`,
      ['a'],
      ['b'],
    ],
    [
      'what is read deep inside',
      `tasks: [${quick('a')}, { id: g, type: condition, if: "{% true %}", then: [${quick('b', `, if: "${read('a')}"`)}] }]\noutput: 1`,
      ['a'],
      ['g', 'b'],
    ],
    [
      'the last of a list whose output is read',
      `tasks: [{ id: g, type: sequential, tasks: [${quick('a')}, ${quick('b')}] }]`,
      ['g', 'b'],
      ['a'],
    ],
    [
      'the last of both ways',
      `tasks: [{ id: g, type: condition, if: "{% true %}", then: [${quick('a')}], else: [${quick('b')}] }]`,
      ['g', 'a', 'b'],
      [],
    ],
    [
      'the last of every branch',
      `tasks: [{ id: p, type: parallel, branches: { x: [${quick('a')}, ${quick('b')}], y: [${quick('c')}] } }]`,
      ['p', 'b', 'c'],
      ['a'],
    ],
    [
      'the last of an iteration',
      `tasks: [{ id: f, type: foreach, items: [1], tasks: [${quick('a')}, ${quick('b')}] }]`,
      ['f', 'b'],
      ['a'],
    ],
    [
      'nothing of iterations that collect nothing',
      `tasks: [{ id: f, type: foreach, items: [1], collect: none, tasks: [${quick('a')}] }]`,
      ['f'],
      ['a'],
    ],
    [
      'not the last of a list whose output is replaced',
      `tasks: [{ id: g, type: sequential, output: 1, tasks: [${quick('a')}] }]`,
      ['g'],
      ['a'],
    ],
    [
      'the last of a list whose result is read',
      `tasks: [{ id: g, type: sequential, output: "{% $result %}", tasks: [${quick('a')}] }, ${quick('b')}]\noutput: 1`,
      ['a'],
      ['g', 'b'],
    ],
    [
      'not the last of a list that nobody reads',
      `tasks: [{ id: g, type: sequential, tasks: [${quick('a')}] }, ${quick('b')}]\noutput: 1`,
      [],
      ['g', 'a', 'b'],
    ],
    [
      'what is last as it was written, not as it runs',
      `tasks: [${quick('a', ', dependencies: [b]')}, ${quick('b', free)}]`,
      ['b'],
      ['a'],
    ],
  ])('%s', (_, source, kept, dropped) => {
    const found = tasksOf(source);
    for (const id of kept) expect([id, found.get(id)]).toMatchObject([id, { keep: true }]);
    for (const id of dropped) expect([id, found.get(id)]).toMatchObject([id, { keep: false }]);
  });
});
