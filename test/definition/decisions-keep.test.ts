import { describe, expect, it } from 'vitest';
import { free, quick, tasksOf } from './tasks-of.ts';

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
    [
      'the last of every case',
      `tasks: [{ id: s, type: switch, cases: [{ when: "{% true %}", tasks: [${quick('a')}, ${quick('b')}] }], default: [${quick('c')}] }]`,
      ['s', 'b', 'c'],
      ['a'],
    ],
    [
      'the last of a try and of its catches, nothing of its finally',
      `tasks: [{ id: t, type: try, tasks: [${quick('a')}], catch: [{ errors: ["*"], tasks: [${quick('b')}] }], finally: [${quick('c')}] }]`,
      ['t', 'a', 'b'],
      ['c'],
    ],
    [
      'what until reads, also where nobody reads the loop',
      `tasks: [{ id: l, type: loop, until: "{% $result = 1 %}", maxIterations: 3, output: 1, tasks: [${quick('a')}, ${quick('b')}] }, ${quick('c')}]\noutput: 1`,
      ['b'],
      ['l', 'a', 'c'],
    ],
    [
      'what while reads, from deep inside',
      `tasks: [{ id: l, type: loop, while: "{% $result = 1 %}", maxIterations: 3, tasks: [{ id: g, type: sequential, tasks: [${quick('a')}] }] }, ${quick('c')}]\noutput: 1`,
      ['g', 'a'],
      ['l', 'c'],
    ],
    [
      'nothing that while only counts',
      `tasks: [{ id: l, type: loop, while: "{% $index < 2 %}", maxIterations: 3, tasks: [${quick('a')}] }, ${quick('c')}]\noutput: 1`,
      [],
      ['l', 'a', 'c'],
    ],
    [
      'what a compensation reads',
      `tasks: [${quick('a', ', compensate: { executor: call, with: "{% $result %}" }')}, ${quick('b', ', compensate: { executor: call }')}, ${quick('c')}]\noutput: 1`,
      ['a'],
      ['b', 'c'],
    ],
    [
      'what the compensation of a group reads',
      `tasks: [{ id: g, type: sequential, compensate: { executor: call, with: "{% $result %}" }, tasks: [${quick('a')}, ${quick('b')}] }, ${quick('c')}]\noutput: 1`,
      ['g', 'b'],
      ['a', 'c'],
    ],
    [
      'only what is kept of a group, for its compensation',
      `tasks: [{ id: g, type: sequential, output: 1, compensate: { executor: call, with: "{% $result %}" }, tasks: [${quick('a')}] }, ${quick('c')}]\noutput: 1`,
      ['g'],
      ['a', 'c'],
    ],
    [
      'any task of a list with jumps, as each may be the last',
      `tasks: [${quick('a')}, ${quick('b', ', if: "{% true %}", next: a')}, { id: g, type: sequential, tasks: [${quick('c')}, ${quick('d')}] }]`,
      ['a', 'b', 'g', 'd'],
      ['c'],
    ],
    [
      'nothing of a list with jumps that nobody reads',
      `tasks: [${quick('a')}, ${quick('b', ', if: "{% true %}", next: a')}]\noutput: 1`,
      [],
      ['a', 'b'],
    ],
    [
      'what the input of a child, an event or a reminder reads',
      `tasks: [${quick('a')}, ${quick('b')}, ${quick('c')}, { id: s, type: sub_workflow, workflow: x, input: "${read('a')}" }, { id: e, type: event, name: x, where: "${read('b')}" }, { id: p, type: approval, assignees: [x], reminders: { every: 1d, executor: call, with: "${read('c')}" } }]\noutput: 1`,
      ['a', 'b', 'c'],
      ['s', 'e', 'p'],
    ],
  ])('%s', (_, source, kept, dropped) => {
    const found = tasksOf(source);
    for (const id of kept) expect([id, found.get(id)]).toMatchObject([id, { keep: true }]);
    for (const id of dropped) expect([id, found.get(id)]).toMatchObject([id, { keep: false }]);
  });
});
