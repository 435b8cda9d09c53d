import { cpuUsage } from 'node:process';
import { describe, expect, it } from 'vitest';
import { compile } from '../../src/definition/compile.ts';
import { catalog } from './catalog.ts';
import { poison } from './poison.ts';

/** ms of processor time; under 100 on a quiet machine, and whatever grows faster than its text takes seconds. */
const BUDGET = 250;
const TRIES = 4;

describe('poison', () => {
  it.each(poison)('$name', ({ source, format, code }) => {
    const took: number[] = [];
    for (let i = 0; i < TRIES && Math.min(...took) > BUDGET / 2; i++) {
      const before = cpuUsage();
      const compiled = compile(source, { format, catalog });
      took.push(cpuUsage(before).user / 1_000);
      const codes = compiled.ok ? [] : compiled.problems.map((problem) => problem.code);
      if (code === undefined) expect(codes).toEqual([]);
      else expect(codes).toContain(code);
      expect(codes.length).toBeLessThanOrEqual(100);
    }
    expect(Math.min(...took)).toBeLessThan(BUDGET);
  });

  it('does not reach prototypes', () => {
    for (const key of ['__proto__', 'constructor', 'prototype']) {
      compile(`{"vars": {"${key}": {"polluted": true}}, "tasks": []}`, { format: 'json', catalog });
      compile(`{ ${key}: { polluted: true } }`, { format: 'yaml', catalog });
    }
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  it('aliases repeat within bounds, and a problem in one points at where it was written', () => {
    const source = `
tasks:
  - { id: a, type: executor, executor: log, with: &line { message: hello, levle: info } }
  - { id: b, type: executor, executor: log, with: *line }
`;
    const compiled = compile(source, { format: 'yaml', catalog });
    expect(compiled.ok ? [] : compiled.problems.map(({ pointer, line }) => [pointer, line])).toEqual([
      ['/tasks/0/with/levle', 3],
      ['/tasks/1/with/levle', 3],
    ]);
  });
});
