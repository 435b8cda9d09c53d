import { describe, expect, it } from 'vitest';
import type { Json } from '../../src/contract.ts';
import { TaskError } from '../../workflows/outcome.ts';
import type { Start } from './run-definition.ts';
import { runDefinition } from './run-definition.ts';

type Case = {
  readonly name: string;
  readonly definition: string;
  readonly start?: Start;
  readonly output?: Json;
  readonly error?: { readonly code: string; readonly task?: string; readonly attempt?: number };
  readonly status?: string;
  readonly rows?: { readonly [path: string]: string };
  readonly took?: number;
};

const failing = (code: string) => () => {
  throw new TaskError(code, 'failed on purpose');
};

const cases: Case[] = [
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

describe('the interpreter in virtual time', () => {
  it.each(cases)('$name', async ({ definition, start, output, error, status, rows, took }) => {
    const result = await runDefinition(definition, start);
    if (error) expect(result.ending).toMatchObject({ status: status ?? 'failed', error });
    else expect(result.ending).toEqual({ status: 'success', output });
    if (rows) expect(result.rows).toEqual(rows);
    if (took !== undefined) expect(result.took).toBe(took);
  });

  it('cancelling ends what runs and leaves the execution cancelled', async () => {
    const { ending, rows } = await runDefinition(
      `tasks: [{ id: each, type: foreach, items: [1, 2], tasks: [{ id: nap, type: wait, for: 1h }] }]`,
      { script: (world, startedAt) => void world.time.at(startedAt + 1_000, world.cancel) },
    );
    expect(ending).toMatchObject({ status: 'cancelled', error: { code: 'CANCELLED' } });
    expect(rows).toEqual({ '/each': 'cancelled', '/each[0]/nap': 'cancelled', '/each[1]/nap': 'cancelled' });
  });

  it('effects get the same key whatever the attempt: execution and path', async () => {
    const keys: string[] = [];
    await runDefinition(
      `tasks: [{ id: each, type: foreach, items: [1, 2], tasks: [{ id: pay, type: executor, executor: pay, with: 1, retry: { maxAttempts: 2 } }] }]`,
      {
        executors: {
          pay: ({ key, attempt }) => {
            keys.push(key);
            if (attempt === 1) throw new TaskError('AGAIN', 'once more');
            return null;
          },
        },
      },
    );
    expect(keys.sort()).toEqual(['e1/each[0]/pay', 'e1/each[0]/pay', 'e1/each[1]/pay', 'e1/each[1]/pay']);
  });

  it('local tasks run as local activities, all others as normal ones', async () => {
    const { world } = await runDefinition(
      `tasks: [{ id: a, type: executor, executor: quick, with: 1 }, { id: b, type: executor, executor: call, with: 1 }]`,
      { executors: { quick: () => 1 } },
    );
    expect(world.calls.map(({ path, local }) => ({ path, local }))).toEqual([
      { path: '/a', local: true },
      { path: '/b', local: false },
    ]);
  });

  it('progress counts every static task once, a loop as one', async () => {
    const { world } = await runDefinition(`
      tasks:
        - { id: a, type: set, vars: { x: 1 } }
        - { id: each, type: foreach, items: [1, 2, 3], tasks: [{ id: b, type: set, vars: { y: 1 } }] }
        - { id: route, type: condition, if: "{% false %}", then: [{ id: c, type: set, vars: { z: 1 } }] }
        - { id: last, type: wait, for: 1h }`);
    const waiting = world.facts.find((fact) => fact.kind === 'execution' && fact.currentPath === '/last');
    expect(waiting).toMatchObject({ completedTasks: 4, totalTasks: 5, waitingFor: [{ path: '/last', kind: 'timer' }] });
  });
});
