import { describe, expect, it } from 'vitest';
import type { Json } from '../../src/contract.ts';
import { interpret } from '../../workflows/interpret.ts';
import type { Outcome } from '../../workflows/outcome.ts';
import { createSettled } from '../../workflows/settled.ts';
import { createFakeWorld } from './fake-host.ts';
import { planOf, runInputOf } from './run-definition.ts';

const DEFINITION = `
vars: { total: 0 }
tasks:
  - { id: first, type: executor, executor: call, with: { n: 1 } }
  - id: group
    type: sequential
    tasks:
      - { id: add, type: set, vars: { total: "{% $vars.total + $tasks.first.output.n %}" } }
      - { id: more, type: set, vars: { total: "{% $vars.total + 10 %}" } }
  - id: each
    type: foreach
    items: [1, 2, 3]
    tasks: [{ id: double, type: executor, executor: call, with: "{% $item * 2 %}" }]
output: { total: "{% $vars.total %}", doubled: "{% $tasks.each.output %}" }
`;
const OUTPUT: Json = { total: 11, doubled: [2, 4, 6] };

function outcome(output: Json, vars?: { readonly [name: string]: Json }): Outcome {
  return { status: 'success', output, ...(vars ? { vars } : {}) };
}

/** Tables as a run would leave them at some point, with the calls that are left to make. */
const points: readonly [name: string, settled: { readonly [path: string]: Outcome }, calls: readonly string[]][] = [
  ['nothing', {}, ['/first', '/each[0]/double', '/each[1]/double', '/each[2]/double']],
  ['the first task', { '/first': outcome({ n: 1 }) }, ['/each[0]/double', '/each[1]/double', '/each[2]/double']],
  [
    'a variable set inside a group that is not through',
    { '/first': outcome({ n: 1 }), '/group/add': outcome(null, { total: 1 }) },
    ['/each[0]/double', '/each[1]/double', '/each[2]/double'],
  ],
  [
    'the group, which carries what was set inside it, and one iteration',
    { '/first': outcome({ n: 1 }), '/group': outcome(null, { total: 11 }), '/each[1]': outcome(4) },
    ['/each[0]/double', '/each[2]/double'],
  ],
  [
    'everything',
    { '/first': outcome({ n: 1 }), '/group': outcome(null, { total: 11 }), '/each': outcome([2, 4, 6]) },
    [],
  ],
];

describe('running a Plan again with a settled table', () => {
  it.each(points)('%s: the same output, and only the rest is done', async (_, settled, calls) => {
    const world = createFakeWorld({ call: ({ input }) => input });
    const ending = await world.time.run(interpret(runInputOf(planOf(DEFINITION, ['call'])), world.host, settled));
    expect(ending).toEqual({ status: 'success', output: OUTPUT });
    expect(world.calls.map(({ path }) => path)).toEqual(calls);
  });
});

describe('running a graph again with a settled table', () => {
  const graph = `
nodes:
  - { id: a, type: condition, data: { if: "{% $input.n > 1 %}" } }
  - { id: b, type: executor, data: { executor: call, with: b } }
  - { id: c, type: executor, data: { executor: call, with: c } }
  - { id: d, type: executor, data: { executor: call, with: d } }
edges:
  - { source: a, target: b, sourceHandle: then }
  - { source: a, target: c, sourceHandle: else }
  - { source: c, target: d }
`;

  it.each([
    ['which way was chosen', { '/a': { status: 'success', output: null, way: 'else' } as const }, ['/c', '/d']],
    ['what was not reached', { '/c': { status: 'skipped', output: null, way: 'none' } as const }, ['/b']],
  ])('%s is in it, whatever the input says', async (_, settled, calls) => {
    const world = createFakeWorld({ call: ({ input }) => input });
    await world.time.run(interpret(runInputOf(planOf(graph, ['call']), { n: 2 }), world.host, settled));
    expect(world.calls.filter(({ path }) => path !== '').map(({ path }) => path)).toEqual(calls);
  });
});

describe('the settled table', () => {
  it('forgets what is inside a task that has settled', () => {
    const settled = createSettled({
      '/a/b[0]/c': outcome(1),
      '/a/b[1]/c': outcome(2),
      '/a/d': outcome(3),
      '/ab': outcome(4),
    });
    settled.put('/a/b[1]', outcome(5));
    expect(Object.keys(settled.entries()).sort()).toEqual(['/a/b[0]/c', '/a/b[1]', '/a/d', '/ab']);
    settled.put('/a', outcome(6));
    expect(settled.entries()).toEqual({ '/a': outcome(6), '/ab': outcome(4) });
  });
});
