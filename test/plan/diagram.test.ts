import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compile } from '../../src/definition/compile.ts';
import { mermaid } from '../../src/plan/diagram.ts';
import { catalog } from '../definition/catalog.ts';

function draw(source: string): string {
  const compiled = compile(source, { format: 'yaml', catalog });
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems));
  return mermaid(compiled.plan);
}

describe('a diagram', () => {
  it('shows the order, both ways of a condition, and frames around what is inside', () => {
    expect(draw(readFileSync('examples/expense-claim.yaml', 'utf8'))).toMatchSnapshot();
    expect(draw(readFileSync('examples/parallel-map.yaml', 'utf8'))).toMatchSnapshot();
  });

  it('shows ways of a switch, clauses of a try, loops, jumps, and what takes back', () => {
    const diagram = draw(`
tasks:
  - id: s
    type: switch
    cases: [{ when: '{% $input.n = 1 %}', tasks: [{ id: a, type: emit, name: billed, data: 1 }] }, { when: '{% $input.n = 2 %}', tasks: [] }]
    default: [{ id: b, type: sub_workflow, workflow: child }]
  - id: t
    type: try
    tasks: [{ id: c, type: executor, executor: log, with: { message: x }, compensate: { executor: log, with: { message: x } } }]
    catch: [{ errors: [GONE, HTTP_404], when: '{% $error.attempt > 1 %}', tasks: [{ id: d, type: set, vars: {} }] }, { errors: ['*'], tasks: [] }]
    finally: [{ id: e, type: event, name: paid }]
  - { id: l, type: loop, while: '{% $index < 3 %}', maxIterations: 3, tasks: [{ id: f, type: set, vars: {} }] }
  - { id: again, type: set, vars: {}, if: '{% $vars.again %}', next: s }
  - { id: last, type: loop, until: '{% true %}', maxIterations: 3, tasks: [{ id: g, type: set, vars: {} }], next: end }`);
    expect(diagram).toMatchSnapshot();
  });

  it('shows the cases of a switch that only chooses', () => {
    const diagram = draw(`
nodes:
  - { id: s, type: switch, data: { cases: [{ when: '{% $input.n = 1 %}' }] } }
  - { id: a, type: set, data: { vars: {} } }
edges: [{ source: s, target: a, sourceHandle: case-0 }]`);
    expect(diagram.split('\n').slice(1, 4)).toEqual([
      '  t0{"s<br/>switch<br/>case0: #36;input.n = 1"}',
      '  t1("a<br/>set")',
      '  t0 -->|case0| t1',
    ]);
  });

  it('starts at all that waits for nothing', () => {
    const lines = draw(`
tasks:
  - { id: a, type: wait, for: 1s, dependencies: [] }
  - { id: b, type: wait, for: 1s, dependencies: [] }
  - { id: end, type: end, dependencies: [a, b] }`).split('\n');
    expect(lines.filter((line) => line.includes('-->')).map((line) => line.trim())).toEqual([
      't0 --> t2',
      't1 --> t2',
      'start --> t0',
      'start --> t1',
    ]);
  });

  it.each([
    ['quotes and brackets', 'say "hi" [x] {y} (z)'],
    ['HTML', '<img src=x onerror=alert(1)> & more'],
    ['Markdown', '`**bold**`'],
    ['comments and ends', '%%{init: {}}%% ; end'],
    ['a list', '1. first'],
    ['another list', '- first'],
    ['lines', 'one\ntwo\r\nthree'],
    ['links', 'click t0 "javascript:alert(1)"'],
  ])('nothing in a title is Mermaid, Markdown or HTML: %s', (_, title) => {
    const diagram = draw(JSON.stringify({ tasks: [{ id: 'a', type: 'set', vars: {}, title }] }));
    const lines = diagram.split('\n');
    expect(lines).toHaveLength(5);
    expect(lines[1]).toMatch(/^ {2}t0\("(?:[\p{L}\p{N} ,:/()…·'?!=+_.-]|#\d+;)+<br\/>a · set"\)$/u);
    expect(lines[1]).not.toMatch(/"(-|\d+\.)/);
  });

  it('cuts long titles', () => {
    const [, node = ''] = draw(
      JSON.stringify({ tasks: [{ id: 'a', type: 'set', vars: {}, title: 'ä'.repeat(400) }] }),
    ).split('\n');
    expect(node).toContain(`${'ä'.repeat(59)}…<br/>`);
  });
});
