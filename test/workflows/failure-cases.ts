import { TaskError } from '../../workflows/outcome.ts';
import type { Case } from './cases.ts';

const failing = (code: string) => () => {
  throw new TaskError(code, 'failed on purpose');
};

/** Retries, timeouts, failures, early ends. */
export const failureCases: readonly Case[] = [
  {
    name: 'retry: as often as asked, with backoff; the error names task and attempt',
    definition: `
      tasks:
        - { id: a, type: executor, executor: bad, with: 1, retry: { maxAttempts: 3, initialInterval: 1s, backoffCoefficient: 2 } }`,
    start: { executors: { bad: failing('BAD') } },
    error: { code: 'BAD', task: '/a', attempt: 3 },
    rows: { '/a': 'failed' },
    took: 3_000,
  },
  {
    name: 'retry: codes that are not retried',
    definition: `
      tasks: [{ id: a, type: executor, executor: bad, with: 1, retry: { maxAttempts: 3, nonRetryable: [BAD] } }]`,
    start: { executors: { bad: failing('BAD') } },
    error: { code: 'BAD', task: '/a', attempt: 1 },
    took: 0,
  },
  {
    name: 'timeout of an attempt',
    definition: `
      tasks: [{ id: a, type: executor, executor: slow, with: 1, timeout: 2s, retry: { maxAttempts: 1 } }]`,
    start: { executors: { slow: async ({ sleep }) => (await sleep(60_000), 1) } },
    error: { code: 'TIMEOUT', task: '/a' },
    status: 'failed',
    rows: { '/a': 'timeout' },
    took: 2_000,
  },
  {
    name: 'totalTimeout cancels what runs inside',
    definition: `
      tasks:
        - id: group
          type: sequential
          totalTimeout: 5s
          tasks: [{ id: nap, type: wait, for: 1h }]`,
    error: { code: 'TIMEOUT', task: '/group' },
    rows: { '/group': 'timeout', '/group/nap': 'cancelled' },
    took: 5_000,
  },
  {
    name: "the execution's own timeout",
    definition: `
      timeout: 1m
      tasks: [{ id: nap, type: wait, for: 1h }]`,
    status: 'timeout',
    error: { code: 'TIMEOUT' },
    rows: { '/nap': 'cancelled' },
    took: 60_000,
  },
  {
    name: 'onError: continue keeps the error as output and the variables set',
    definition: `
      tasks:
        - { id: a, type: executor, executor: bad, with: 1, onError: continue, retry: { maxAttempts: 1 } }
        - { id: b, type: executor, executor: call, with: { code: "{% $tasks.a.output.error.code %}", status: "{% $tasks.a.status %}", same: "{% $tasks.a.error.code %}" } }`,
    start: { executors: { bad: failing('BAD') } },
    output: { code: 'BAD', status: 'failed', same: 'BAD' },
    rows: { '/a': 'failed', '/b': 'success' },
  },
  {
    name: 'output shapes the result',
    definition: `
      tasks: [{ id: a, type: executor, executor: call, with: { n: 20 }, output: "{% $result.n + 1 %}" }]`,
    output: 21,
  },
  {
    name: 'a failure cancels running siblings, waits for them, and the rest never start',
    definition: `
      tasks:
        - { id: nap, type: wait, for: 1h, dependencies: [] }
        - { id: boom, type: fail, code: BOOM, detail: "no {% $input.why %}", dependencies: [soon] }
        - { id: soon, type: wait, for: 2s, dependencies: [] }
        - { id: never, type: set, vars: { a: 1 }, dependencies: [nap] }`,
    start: { input: { why: 'luck' } },
    error: { code: 'BOOM', task: '/boom' },
    rows: { '/nap': 'cancelled', '/soon': 'success', '/boom': 'failed' },
    took: 2_000,
  },
  {
    name: 'a failing iteration cancels the others and fails the foreach',
    definition: `
      tasks:
        - id: each
          type: foreach
          items: [1, 2, 3]
          maxConcurrency: 2
          tasks:
            - { id: nap, type: wait, for: "{% $item & 's' %}" }
            - { id: check, type: condition, if: "{% $item = 1 %}", then: [{ id: stop, type: fail, code: STOP, detail: x }] }
            - { id: long, type: wait, for: 1h }`,
    error: { code: 'STOP', task: '/each[0]/check/stop' },
    rows: {
      '/each': 'failed',
      '/each[0]/nap': 'success',
      '/each[0]/check': 'failed',
      '/each[0]/check/stop': 'failed',
      '/each[1]/nap': 'cancelled',
    },
    took: 1_000,
  },
  {
    name: 'end: the execution succeeds early, siblings are cancelled',
    definition: `
      tasks:
        - { id: nap, type: wait, for: 1h, dependencies: [] }
        - id: route
          type: condition
          dependencies: []
          if: "{% true %}"
          then: [{ id: out, type: end, output: { early: true } }]
      output: late`,
    output: { early: true },
    rows: { '/nap': 'cancelled', '/route': 'success', '/route/out': 'success' },
  },
  {
    name: 'wait until a point in time',
    definition: `
      tasks: [{ id: a, type: wait, until: "2026-01-01T01:00:00Z" }]`,
    output: null,
    took: 3_600_000,
  },
  {
    name: 'wait until the past is over at once',
    definition: `
      tasks: [{ id: a, type: wait, until: "2020-01-01T01:00:00Z" }]`,
    output: null,
    took: 0,
  },
  {
    name: 'an expression that fails is an error of its task',
    definition: `
      tasks: [{ id: a, type: executor, executor: call, with: "{% $number('x') %}" }]`,
    error: { code: 'EXPRESSION_ERROR', task: '/a' },
    rows: { '/a': 'failed' },
  },
  {
    name: 'an expression over a bound is an error of its task',
    definition: `
      tasks: [{ id: a, type: executor, executor: call, with: "{% [1..1000000000] %}" }]`,
    error: { code: 'EXPRESSION_LIMIT', task: '/a' },
  },
];
