import { TaskError } from '../../workflows/outcome.ts';
import type { Case } from './cases.ts';

const bad = (): never => {
  throw new TaskError('BAD', 'it is bad');
};
const start = { executors: { bad } };
const BAD = 'type: executor, executor: bad, with: 1, retry: { maxAttempts: 1 }';

/** Errors caught, cleaned up after, and taken back. */
export const tryCases: readonly Case[] = [
  {
    name: 'try: the clause that names the error catches it',
    definition: `
      tasks:
        - id: t
          type: try
          tasks: [{ id: a, type: set, vars: { x: 1 } }, { id: b, ${BAD} }]
          catch:
            - { errors: [OTHER], tasks: [{ id: c, type: set, vars: { y: 1 } }] }
            - { errors: ["*"], when: "{% $error.code = 'BAD' %}", as: e, tasks: [{ id: d, type: executor, executor: call, with: { code: "{% $error.code %}", task: "{% $e.task %}", x: "{% $vars.x %}" } }] }
          finally: [{ id: f, type: set, vars: { z: 1 } }]`,
    start,
    output: { code: 'BAD', task: '/t/b', x: 1 },
    rows: { '/t': 'success', '/t/a': 'success', '/t/b': 'failed', '/t/d': 'success', '/t/f': 'success' },
  },
  {
    name: 'try: an error in catch replaces the first, which is its cause; finally runs',
    definition: `
      tasks:
        - id: t
          type: try
          tasks: [{ id: b, ${BAD} }]
          catch: [{ errors: [BAD], tasks: [{ id: d, type: fail, code: WORSE, detail: no }] }]
          finally: [{ id: f, type: set, vars: { z: 1 } }]`,
    start,
    error: { code: 'WORSE', task: '/t/d', cause: { code: 'BAD' } } as never,
    rows: { '/t': 'failed', '/t/b': 'failed', '/t/d': 'failed', '/t/f': 'success' },
  },
  {
    name: 'try: an error in finally wins over success',
    definition: `
      tasks: [{ id: t, type: try, tasks: [{ id: a, type: set, vars: { x: 1 } }], finally: [{ id: f, ${BAD} }] }]`,
    start,
    error: { code: 'BAD', task: '/t/f' },
  },
  {
    name: 'a failed execution takes back what has succeeded, the latest first',
    definition: `
      tasks:
        - { id: a, type: executor, executor: call, with: 1, compensate: { executor: call, with: "{% $result %}" } }
        - { id: b, type: executor, executor: call, with: 2, compensate: { executor: call, with: "{% $result %}" } }
        - { id: c, ${BAD}, compensate: { executor: call } }`,
    start,
    error: { code: 'BAD', task: '/c' },
    rows: { '/a': 'success', '/b': 'success', '/c': 'failed', '/b~compensate': 'success', '/a~compensate': 'success' },
  },
  {
    name: 'a try takes back what it did, the rest stays',
    definition: `
      tasks:
        - { id: a, type: executor, executor: call, with: 1, compensate: { executor: call, with: 1 } }
        - id: t
          type: try
          onFailure: compensate
          tasks: [{ id: b, type: executor, executor: call, with: 2, compensate: { executor: call, with: 2 } }, { id: c, ${BAD} }]
          catch: [{ errors: ["*"], tasks: [{ id: d, type: executor, executor: call, with: caught }] }]`,
    start,
    output: 'caught',
    rows: {
      '/a': 'success',
      '/t': 'success',
      '/t/b': 'success',
      '/t/c': 'failed',
      '/t/b~compensate': 'success',
      '/t/d': 'success',
    },
  },
  {
    name: 'what cannot be taken back is said',
    definition: `
      tasks:
        - { id: a, type: executor, executor: call, with: 1, compensate: { executor: call, with: 1 } }
        - { id: b, type: executor, executor: call, with: 1, compensate: { executor: bad, with: 1, retry: { maxAttempts: 1 } } }
        - { id: c, ${BAD} }`,
    start,
    error: { code: 'COMPENSATION_FAILED', task: '/b~compensate', cause: { code: 'BAD', task: '/c' } } as never,
    rows: { '/a': 'success', '/b': 'success', '/c': 'failed', '/b~compensate': 'failed', '/a~compensate': 'success' },
  },
  {
    name: 'cancelled by a lost race: takes back, cleans up',
    definition: `
      tasks:
        - id: race
          type: parallel
          join: any
          branches:
            loser:
              - id: t
                type: try
                onFailure: compensate
                tasks: [{ id: b, type: executor, executor: call, with: 2, compensate: { executor: call, with: 2 } }, { id: nap, type: wait, for: 1h }]
                catch: [{ errors: ["*"], tasks: [{ id: d, type: set, vars: { x: 1 } }] }]
                finally: [{ id: f, type: wait, for: 5s }]
            winner: [{ id: w, type: wait, for: 1s }]`,
    output: { winner: null },
    rows: {
      '/race': 'success',
      '/race/loser/t': 'cancelled',
      '/race/loser/t/b': 'success',
      '/race/loser/t/nap': 'cancelled',
      '/race/loser/t/b~compensate': 'success',
      '/race/loser/t/f': 'success',
      '/race/winner/w': 'success',
    },
    took: 6_000,
  },
];
