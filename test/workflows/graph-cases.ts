import { TaskError } from '../../workflows/outcome.ts';
import type { Case } from './cases.ts';

/** Two ways that meet again, with a node further down one of them. */
const FORK = `
  nodes:
    - { id: route, type: condition, data: { if: "{% $input.amount > 500 %}" } }
    - { id: manager, type: executor, data: { executor: call, with: manager } }
    - { id: board, type: executor, data: { executor: call, with: board } }
    - { id: auto, type: executor, data: { executor: call, with: policy } }
    - { id: pay, type: executor, data: { executor: call, with: ["{% $tasks.board.output %}", "{% $tasks.auto.output %}"] } }
  edges:
    - { source: route, sourceHandle: 'true', target: manager }
    - { source: route, sourceHandle: 'false', target: auto }
    - { source: manager, target: board }
    - { source: board, target: pay }
    - { source: auto, target: pay }`;

/** Graphs: which nodes are reached. */
export const graphCases: readonly Case[] = [
  {
    name: 'graph: true; the other way is skipped, and what both lead to runs',
    definition: FORK,
    start: { input: { amount: 501 } },
    output: ['board', null],
    rows: {
      '/route': 'success',
      '/manager': 'success',
      '/auto': 'skipped',
      '/board': 'success',
      '/pay': 'success',
    },
  },
  {
    name: 'graph: false; what is not reached is skipped all the way down',
    definition: FORK,
    start: { input: { amount: 500 } },
    output: [null, 'policy'],
    rows: {
      '/route': 'success',
      '/manager': 'skipped',
      '/board': 'skipped',
      '/auto': 'success',
      '/pay': 'success',
    },
  },
  {
    name: 'graph: where no way is taken, nothing below runs, conditions included',
    definition: `
      nodes:
        - { id: a, type: condition, data: { if: "{% false %}" } }
        - { id: b, type: condition, data: { if: "{% $number('never asked') %}" } }
        - { id: yes, type: fail, data: { code: NO } }
        - { id: no, type: fail, data: { code: NO } }
        - { id: last, type: executor, data: { executor: call, with: 1 } }
      edges:
        - { source: a, sourceHandle: then, target: b }
        - { source: b, sourceHandle: then, target: yes }
        - { source: b, sourceHandle: else, target: no }
        - { source: yes, target: last }
        - { source: no, target: last }`,
    output: null,
    rows: { '/a': 'success', '/b': 'skipped', '/yes': 'skipped', '/no': 'skipped', '/last': 'skipped' },
  },
  {
    name: 'graph: a task that its own if skips was reached: what comes after it runs',
    definition: `
      nodes:
        - { id: a, type: condition, data: { if: "{% true %}" } }
        - { id: b, type: executor, data: { executor: call, if: "{% false %}", with: 1 } }
        - { id: c, type: executor, data: { executor: call, if: "{% false %}", with: 2 } }
        - { id: d, type: executor, data: { executor: call, with: 3 } }
      edges:
        - { source: a, sourceHandle: then, target: b }
        - { source: a, sourceHandle: else, target: c }
        - { source: b, target: d }`,
    output: 3,
    rows: { '/a': 'success', '/b': 'skipped', '/c': 'skipped', '/d': 'success' },
  },
  {
    name: 'graph: a condition that fails and goes on chose no way; an edge without a handle is taken all the same',
    definition: `
      nodes:
        - { id: a, type: condition, data: { if: "{% $number('no') %}", onError: continue } }
        - { id: b, type: executor, data: { executor: call, with: 1 } }
        - { id: c, type: executor, data: { executor: call, with: 2 } }
        - { id: d, type: executor, data: { executor: call, with: "{% $tasks.a.status %}" } }
      edges:
        - { source: a, sourceHandle: then, target: b }
        - { source: a, sourceHandle: else, target: c }
        - { source: a, target: d }
      output: "{% $tasks.d.output %}"`,
    output: 'failed',
    rows: { '/a': 'failed', '/b': 'skipped', '/c': 'skipped', '/d': 'success' },
  },
  {
    name: 'graph: a join waits for all that lead to it, also beside what is skipped',
    definition: `
      nodes:
        - { id: a, type: condition, data: { if: "{% true %}" } }
        - { id: slow, type: wait, data: { for: 5s } }
        - { id: never, type: wait, data: { for: 50s } }
        - { id: join, type: executor, data: { executor: call, with: 1 } }
      edges:
        - { source: a, sourceHandle: then, target: slow }
        - { source: a, sourceHandle: else, target: never }
        - { source: slow, target: join }
        - { source: never, target: join }
        - { source: a, sourceHandle: then, target: join }`,
    output: 1,
    rows: { '/a': 'success', '/slow': 'success', '/never': 'skipped', '/join': 'success' },
    took: 5_000,
  },
  {
    name: 'graph: an early end on the way that is taken ends it',
    definition: `
      nodes:
        - { id: a, type: condition, data: { if: "{% true %}" } }
        - { id: z, type: end, data: { output: early } }
        - { id: b, type: executor, data: { executor: call, with: 1 } }
      edges:
        - { source: a, sourceHandle: then, target: z }
        - { source: a, sourceHandle: else, target: b }`,
    output: 'early',
  },
  {
    name: 'steps: in order, with a retry and a failure that is passed over',
    definition: `
      - { step_name: First, step_type: call, config: { n: 1 } }
      - { step_name: Bad, step_type: missing, id: bad, on_error: continue, retry: 2, config: {} }
      - { step_name: Last, step_type: call, config: { after: "{% $tasks.bad.output.error.code %}" } }`,
    start: {
      executors: {
        missing: ({ attempt }) => {
          throw new TaskError(attempt === 2 ? 'BAD' : 'WORSE', 'no');
        },
      },
    },
    output: { after: 'BAD' },
  },
];
