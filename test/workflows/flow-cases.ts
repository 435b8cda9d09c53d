import type { Case } from './cases.ts';

/** Order, branches, loops, values. */
export const flowCases: readonly Case[] = [
  {
    name: 'a list runs in order and its output is that of the last task',
    definition: `
      tasks:
        - { id: a, type: executor, executor: call, with: { n: 1 } }
        - { id: b, type: executor, executor: call, with: { n: "{% $tasks.a.output.n + 1 %}" } }`,
    output: { n: 2 },
    rows: { '/a': 'success', '/b': 'success' },
  },
  {
    name: 'set: all values come from before it, later tasks see them',
    definition: `
      vars: { x: 1, y: 2 }
      tasks:
        - { id: swap, type: set, vars: { x: "{% $vars.y %}", y: "{% $vars.x %}" } }
      output: "{% $vars %}"`,
    output: { x: 2, y: 1 },
  },
  {
    name: 'condition: then, and its output is the list output',
    definition: `
      tasks:
        - id: route
          type: condition
          if: "{% $input.amount > 500 %}"
          then: [{ id: big, type: executor, executor: call, with: big }]
          else: [{ id: small, type: executor, executor: call, with: small }]`,
    start: { input: { amount: 501 } },
    output: 'big',
    rows: { '/route': 'success', '/route/big': 'success' },
  },
  {
    name: 'condition: else may be missing, the output is null',
    definition: `
      tasks:
        - { id: route, type: condition, if: "{% false %}", then: [{ id: big, type: executor, executor: call, with: big }] }`,
    output: null,
    rows: { '/route': 'success' },
  },
  {
    name: 'a skipped task has a row and a null output; what depends on it runs',
    definition: `
      tasks:
        - { id: a, type: executor, executor: call, if: "{% false %}", with: 1 }
        - { id: b, type: executor, executor: call, with: { skipped: "{% $tasks.a.status %}", output: "{% $tasks.a.output %}" } }`,
    output: { skipped: 'skipped', output: null },
    rows: { '/a': 'skipped', '/b': 'success' },
  },
  {
    name: 'sequential shares the variables',
    definition: `
      tasks:
        - id: group
          type: sequential
          tasks: [{ id: one, type: set, vars: { n: 1 } }, { id: two, type: set, vars: { n: "{% $vars.n + 1 %}" } }]
      output: "{% $vars.n %}"`,
    output: 2,
  },
  {
    name: 'parallel: branches run beside each other on copies of the variables; output by name in the order written',
    definition: `
      vars: { n: 0 }
      tasks:
        - id: both
          type: parallel
          branches:
            slow: [{ id: s, type: wait, for: 10s }, { id: s2, type: set, vars: { n: 5 } }]
            fast: [{ id: f, type: wait, for: 1s }, { id: f2, type: executor, executor: call, with: "{% $vars.n %}" }]
      output: { both: "{% $tasks.both.output %}", n: "{% $vars.n %}" }`,
    output: { both: { slow: { n: 5 }, fast: 0 }, n: 0 },
    rows: {
      '/both': 'success',
      '/both/slow/s': 'success',
      '/both/slow/s2': 'success',
      '/both/fast/f': 'success',
      '/both/fast/f2': 'success',
    },
    took: 10_000,
  },
  {
    name: 'foreach: results in the order of the items, at most maxConcurrency at a time',
    definition: `
      tasks:
        - id: each
          type: foreach
          items: "{% $input.list %}"
          as: seconds
          maxConcurrency: 2
          tasks:
            - { id: nap, type: wait, for: "{% $seconds & 's' %}" }
            - { id: done, type: executor, executor: call, with: "{% $index & ':' & $item %}" }`,
    start: { input: { list: [5, 1, 1, 3] } },
    output: ['0:5', '1:1', '2:1', '3:3'],
    took: 5_000,
  },
  {
    name: 'foreach: collect none and last',
    definition: `
      tasks:
        - { id: n, type: foreach, items: [1, 2], collect: none, tasks: [{ id: x, type: executor, executor: call, with: "{% $item %}" }] }
        - { id: l, type: foreach, items: [1, 2], collect: last, tasks: [{ id: y, type: executor, executor: call, with: "{% $item %}" }] }
      output: ["{% $tasks.n.output %}", "{% $tasks.l.output %}"]`,
    output: [null, 2],
  },
  {
    name: 'foreach over what is no list is an error',
    definition: `
      tasks: [{ id: each, type: foreach, items: "{% $input.list %}", tasks: [{ id: x, type: set, vars: { a: 1 } }] }]`,
    start: { input: { list: 'text' } },
    error: { code: 'EXPRESSION_ERROR', task: '/each' },
    rows: { '/each': 'failed' },
  },
  {
    name: 'dependencies make a graph: independent tasks run beside each other',
    definition: `
      tasks:
        - { id: a, type: wait, for: 3s, dependencies: [] }
        - { id: b, type: wait, for: 4s, dependencies: [] }
        - { id: c, type: wait, for: 5s, dependencies: [a, b] }`,
    output: null,
    took: 9_000,
  },
];
