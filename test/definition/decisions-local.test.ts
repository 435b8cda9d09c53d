import { describe, expect, it } from 'vitest';
import { free, quick, tasksOf } from './tasks-of.ts';

const wait = (id: string, more = ''): string => `{ id: ${id}, type: wait, for: 1s${more} }`;
const ask = (id: string, more = ''): string => `{ id: ${id}, type: approval, assignees: [x]${more} }`;

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
    [
      'not beside an event or a child',
      `[${quick('a', free)}, ${quick('b', ', dependencies: [a]')}, { id: e, type: event, name: x, dependencies: [a] }, { id: s, type: sub_workflow, workflow: x, dependencies: [a, e] }, ${quick('c', ', dependencies: [e]')}, ${quick('d', ', dependencies: [b, c, s]')}]`,
      ['a', 'd'],
      ['b', 'c'],
    ],
    [
      'not in a race, nor beside one',
      `[{ id: r, type: parallel, join: any, dependencies: [], branches: { x: [${quick('a')}], y: [{ id: g, type: sequential, tasks: [${quick('b')}] }] } }, ${quick('c', free)}, ${quick('d', ', dependencies: [r, c]')}]`,
      ['d'],
      ['a', 'b', 'c'],
    ],
    [
      'not in a race of some, but where all are awaited',
      `[{ id: r, type: parallel, join: { count: 1 }, branches: { x: [${quick('a')}] } }, { id: p, type: parallel, join: all, branches: { x: [${quick('b')}], y: [${quick('c')}] } }]`,
      ['b', 'c'],
      ['a'],
    ],
    [
      'beside what is on another way of a switch, in a catch and in a finally',
      `[{ id: s, type: switch, cases: [{ when: "{% true %}", tasks: [${quick('a')}] }, { when: "{% true %}", tasks: [${wait('v')}] }], default: [${ask('p')}] }, { id: t, type: try, tasks: [${quick('b')}, ${wait('w')}], catch: [{ errors: ["*"], tasks: [${quick('c')}] }], finally: [${quick('d')}] }]`,
      ['a', 'b', 'c', 'd'],
      [],
    ],
    [
      'before and after a wait in a loop, and where a jump leads back',
      `[{ id: l, type: loop, while: "{% true %}", maxIterations: 3, tasks: [${quick('a')}, ${wait('w')}] }, ${quick('b')}, ${wait('v', ', if: "{% true %}", next: b')}]`,
      ['a', 'b'],
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
