import { expect, it } from 'vitest';
import { compile } from '../../src/definition/compile.ts';
import { walk } from '../../src/plan/walk.ts';

it('a walk meets every task once, in the order they were written, with its path', () => {
  const source = `
tasks:
  - { id: a, type: set, vars: {} }
  - id: c
    type: condition
    if: '{% true %}'
    then: [{ id: t, type: set, vars: {} }]
    else: [{ id: s, type: sequential, tasks: [{ id: i, type: set, vars: {} }] }]
  - { id: p, type: parallel, branches: { x: [{ id: u, type: set, vars: {} }], y: [{ id: v, type: set, vars: {} }] } }
  - { id: f, type: foreach, items: [1], tasks: [{ id: w, type: set, vars: {} }] }
  - { id: l, type: loop, until: '{% true %}', maxIterations: 2, tasks: [{ id: x, type: set, vars: {} }] }
  - id: r
    type: try
    finally: [{ id: r4, type: set, vars: {} }]
    catch: [{ errors: [A], tasks: [{ id: r2, type: set, vars: {} }] }, { errors: [B], tasks: [{ id: r3, type: set, vars: {} }] }]
    tasks: [{ id: r1, type: set, vars: {} }]
  - id: o
    type: switch
    default: [{ id: o3, type: set, vars: {} }]
    cases:
      - { when: '{% true %}', tasks: [{ id: o1, type: set, vars: {} }] }
      - { when: '{% true %}', tasks: [{ id: o2, type: set, vars: {} }] }
`;
  const compiled = compile(source, { format: 'yaml', catalog: [] });
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems));
  const found = [...walk(compiled.plan.tasks)];
  expect(found.map(({ path }) => path)).toEqual([
    '/a',
    '/c',
    '/c/t',
    '/c/s',
    '/c/s/i',
    '/p',
    '/p/x/u',
    '/p/y/v',
    '/f',
    '/f[]/w',
    '/l',
    '/l[]/x',
    '/r',
    '/r/r1',
    '/r/r2',
    '/r/r3',
    '/r/r4',
    '/o',
    '/o/o1',
    '/o/o2',
    '/o/o3',
  ]);
  expect(found.map(({ task }) => task.order)).toEqual([...found.keys()]);
});
