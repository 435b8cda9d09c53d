import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Json } from '../../src/contract.ts';
import { compile } from '../../src/definition/compile.ts';
import type { CompileOptions } from '../../src/definition/compile.ts';
import { DIALECTS, dialectOf } from '../../src/definition/dialects/index.ts';
import { catalog } from './catalog.ts';

/** A definition and the same in the native dialect; what only the other one can say is beside it, by task id. */
type Case = {
  readonly name: string;
  readonly source: string;
  readonly native: string;
  readonly gates?: { readonly [id: string]: Json };
  readonly after?: { readonly [id: string]: readonly string[] };
  /** A field that only the native one needs. */
  readonly without?: { readonly [id: string]: string };
};

const files = readdirSync('test/definition/dialects').map((file) => ({
  dialect: file.replace('.yaml', '') as keyof typeof DIALECTS,
  cases: parse(readFileSync(`test/definition/dialects/${file}`, 'utf8')) as readonly Case[],
}));

function valid(source: string, options: Partial<CompileOptions> = {}) {
  const compiled = compile(source, { format: 'yaml', catalog, ...options });
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems, null, 2));
  return compiled;
}

describe.each(files)('the dialect $dialect', ({ dialect, cases }) => {
  it.each(cases)('$name', ({ source, native, gates = {}, after = {}, without = {} }) => {
    const compiled = valid(source);
    const same = valid(native).plan;
    const tasks = same.tasks.map((task) => {
      const entries = Object.entries(task).filter(([field]) => field !== without[task.id]);
      const own = gates[task.id];
      return {
        ...Object.fromEntries(entries),
        ...(own === undefined ? {} : { gates: own }),
        ...(after[task.id] ? { after: after[task.id] } : {}),
      };
    });
    expect(compiled.plan).toEqual({ ...same, tasks });
    expect(compiled.dialect).toBe(dialect);
    expect(compiled.body).toEqual(parse(source));
  });
});

describe('a dialect', () => {
  it('is known by its shape', () => {
    const bodies: readonly Json[] = [
      { nodes: [], steps: [] },
      { steps: [] },
      [],
      { nodes: null },
      { tasks: [] },
      {},
      null,
      'x',
      5,
    ];
    expect(bodies.map(dialectOf)).toEqual(['steps', 'steps', 'steps', 'graph', ...Array<string>(5).fill('native')]);
  });

  it('may be said, and is then no other', () => {
    const codes = (source: string, dialect: keyof typeof DIALECTS) => {
      const compiled = compile(source, { format: 'yaml', catalog, dialect });
      return compiled.ok ? [] : compiled.problems.map(({ code, pointer }) => `${code} ${pointer}`);
    };
    const native = 'tasks: [{ id: a, type: set, vars: {} }]';
    expect(codes(native, 'native')).toEqual([]);
    expect(codes(native, 'graph')).toEqual(['FIELD_MISSING /nodes']);
    expect(codes(native, 'steps')).toEqual(['FIELD_MISPLACED /tasks', 'FIELD_MISSING /steps']);
    expect(codes('nodes: [{ id: a, type: set, data: { vars: {} } }]', 'native')).toEqual([
      'FIELD_MISSING /tasks',
      'FIELD_UNKNOWN /nodes',
    ]);
  });

  it('keeps what was drawn apart from what else a graph says', () => {
    const nodes = [{ id: 'a', type: 'set', position: { x: 1, y: 1 }, data: { vars: {} } }];
    expect(valid(JSON.stringify({ name: 'x', nodes, viewport: { zoom: 2 } })).graph).toEqual({
      nodes,
      edges: [],
      viewport: { zoom: 2 },
    });
    expect(valid(JSON.stringify({ nodes })).graph).toEqual({ nodes, edges: [] });
    expect(valid('tasks: [{ id: a, type: set, vars: {} }]').graph).toBeNull();
  });
});
