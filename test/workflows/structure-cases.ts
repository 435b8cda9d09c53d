import { TaskError } from '../../workflows/outcome.ts';
import type { Case } from './cases.ts';

const failing = {
  executors: {
    bad: () => {
      throw new TaskError('BAD', 'it is bad');
    },
  },
};

/** Switches, loops, races, batches, jumps. */
export const structureCases: readonly Case[] = [
  {
    name: 'switch: the first case that is true',
    definition: `
      tasks:
        - id: route
          type: switch
          cases:
            - { when: "{% $input.n > 10 %}", tasks: [{ id: many, type: executor, executor: call, with: many }] }
            - { when: "{% $input.n > 1 %}", tasks: [{ id: some, type: executor, executor: call, with: some }] }
            - { when: "{% $input.n > 0 %}", tasks: [{ id: one, type: executor, executor: call, with: one }] }
          default: [{ id: none, type: executor, executor: call, with: none }]`,
    start: { input: { n: 5 } },
    output: 'some',
    rows: { '/route': 'success', '/route/some': 'success' },
  },
  {
    name: 'switch: default may be missing',
    definition: `
      tasks: [{ id: route, type: switch, cases: [{ when: "{% false %}", tasks: [{ id: a, type: set, vars: { x: 1 } }] }] }]`,
    output: null,
    rows: { '/route': 'success' },
  },
  {
    name: 'loop while: shares variables, gives the last output',
    definition: `
      vars: { n: 0 }
      tasks:
        - id: again
          type: loop
          while: "{% $vars.n < 3 %}"
          maxIterations: 5
          tasks: [{ id: add, type: set, vars: { n: "{% $vars.n + 1 %}" } }, { id: say, type: executor, executor: call, with: "{% $index %}" }]
      output: { n: "{% $vars.n %}", last: "{% $tasks.again.output %}" }`,
    output: { n: 3, last: 2 },
  },
  {
    name: 'loop until: asked after each iteration with its result',
    definition: `
      tasks:
        - { id: again, type: loop, until: "{% $result = 4 %}", maxIterations: 5, tasks: [{ id: say, type: executor, executor: call, with: "{% $index * 2 %}" }] }`,
    output: 4,
    rows: { '/again': 'success', '/again[0]/say': 'success', '/again[1]/say': 'success', '/again[2]/say': 'success' },
  },
  {
    name: 'loop: one more than maxIterations is LOOP_LIMIT',
    definition: `
      tasks: [{ id: again, type: loop, while: "{% true %}", maxIterations: 2, tasks: [{ id: a, type: set, vars: { x: 1 } }] }]`,
    error: { code: 'LOOP_LIMIT', task: '/again' },
    rows: { '/again': 'failed', '/again[0]/a': 'success', '/again[1]/a': 'success' },
  },
  {
    name: 'race: the first that succeeds wins, the others are cancelled',
    definition: `
      tasks:
        - id: race
          type: parallel
          join: any
          branches:
            slow: [{ id: s, type: wait, for: 10s }]
            broken: [{ id: x, type: executor, executor: bad, with: 1, retry: { maxAttempts: 1 } }]
            fast: [{ id: f, type: wait, for: 1s }, { id: f2, type: executor, executor: call, with: won }]`,
    start: failing,
    output: { fast: 'won' },
    rows: {
      '/race': 'success',
      '/race/slow/s': 'cancelled',
      '/race/broken/x': 'failed',
      '/race/fast/f': 'success',
      '/race/fast/f2': 'success',
    },
    took: 1_000,
  },
  {
    name: 'join by count fails when the count cannot be reached any more',
    definition: `
      tasks:
        - id: race
          type: parallel
          join: { count: 2 }
          branches:
            slow: [{ id: s, type: wait, for: 10s }]
            one: [{ id: x, type: executor, executor: bad, with: 1, retry: { maxAttempts: 1 } }]
            two: [{ id: w, type: wait, for: 1s }, { id: y, type: executor, executor: bad, with: 1, retry: { maxAttempts: 1 } }]`,
    start: failing,
    error: { code: 'BAD', task: '/race/two/y' },
    took: 1_000,
  },
  {
    name: 'foreach in batches',
    definition: `
      tasks: [{ id: each, type: foreach, items: [1, 2, 3, 4, 5], batch: 2, tasks: [{ id: a, type: executor, executor: call, with: { of: "{% $item %}", n: "{% $index %}" } }] }]`,
    output: [
      { of: [1, 2], n: 0 },
      { of: [3, 4], n: 1 },
      { of: [5], n: 2 },
    ],
  },
  {
    name: 'foreach puts up with as many failures as it is told',
    definition: `
      tasks:
        - id: each
          type: foreach
          items: [1, 2, 3, 4]
          tolerate: { percent: 50 }
          tasks: [{ id: a, type: condition, if: "{% $item % 2 = 0 %}", then: [{ id: b, type: executor, executor: bad, with: 1, retry: { maxAttempts: 1 } }], else: [{ id: c, type: executor, executor: call, with: "{% $item %}" }] }]
      output: "{% $tasks.each.output.($type($) = 'object' ? $.error.code : $) %}"`,
    start: failing,
    output: [1, 'BAD', 3, 'BAD'],
  },
  {
    name: 'a jump back: each visit has a path of its own',
    definition: `
      vars: { n: 0 }
      tasks:
        - { id: work, type: executor, executor: call, with: "{% $vars.n %}" }
        - { id: add, type: set, vars: { n: "{% $vars.n + 1 %}" } }
        - { id: more, type: set, if: "{% $vars.n < 3 %}", vars: { seen: "{% $tasks.work.output %}" }, next: work }
        - { id: done, type: executor, executor: call, with: { seen: "{% $vars.seen %}", last: "{% $tasks.work.output %}" }, if: "{% true %}", next: end }
        - { id: never, type: fail, code: NEVER, detail: no }`,
    output: { seen: 1, last: 2 },
    rows: {
      '/work': 'success',
      '/add': 'success',
      '/more': 'success',
      '/work~2': 'success',
      '/add~2': 'success',
      '/more~2': 'success',
      '/work~3': 'success',
      '/add~3': 'success',
      '/more~3': 'skipped',
      '/done': 'success',
    },
  },
];
