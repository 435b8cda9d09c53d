import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { compile } from '../../src/definition/compile.ts';
import { DEFINITION_PROBLEMS } from '../../src/definition/problems.ts';
import { SOURCE_ERRORS } from '../../src/definition/source-error.ts';
import { catalog } from './catalog.ts';

/** A definition with something wrong in it; each problem is `CODE pointer line:column`, with what it guesses behind. */
type Case = {
  readonly name: string;
  readonly format?: 'json' | 'yaml';
  readonly source: string;
  readonly problems: readonly string[];
};

const files = readdirSync('test/definition/cases').map((file) => ({
  file,
  cases: parse(readFileSync(`test/definition/cases/${file}`, 'utf8')) as readonly Case[],
}));
const all = files.flatMap(({ cases }) => cases);

describe.each(files)('$file', ({ cases }) => {
  it.each(cases)('$name', ({ source, format = 'yaml', problems }) => {
    const compiled = compile(source, { format, catalog });
    expect(compiled.ok ? [] : compiled.problems.map(show)).toEqual(problems);
  });
});

describe('the cases', () => {
  it('are many, each finds something, and no two are the same', () => {
    console.log(`${all.length} definitions that are refused`);
    expect(all.length).toBeGreaterThan(250);
    expect(all.filter(({ problems }) => problems.length === 0)).toEqual([]);
    expect(new Set(all.map(({ source, format }) => `${format} ${source.trim()}`)).size).toBe(all.length);
    expect(new Set(files.flatMap(({ file, cases }) => cases.map(({ name }) => `${file} ${name}`))).size).toBe(
      all.length,
    );
  });

  it('have every code at least twice', () => {
    const uses = all.flatMap(({ problems }) => [...new Set(problems.map((problem) => problem.split(' ')[0]))]);
    // A key that is there twice is told beside what the rest of the text says.
    const rare = [...DEFINITION_PROBLEMS, ...SOURCE_ERRORS, 'DUPLICATE_KEY'].filter(
      (code) => uses.filter((used) => used === code).length < 2,
    );
    expect(rare).toEqual([]);
  });

  it('have sentences that end', () => {
    for (const { source, format = 'yaml' } of all) {
      const compiled = compile(source, { format, catalog });
      if (compiled.ok) throw new Error('it has no problems');
      for (const { message, hint = '.' } of compiled.problems) {
        expect(message).toMatch(/^.{5,}\.$/s);
        expect(hint).toMatch(/[.?]$/);
      }
    }
  });
});

function show({ code, pointer, line, column, hint }: Found): string {
  const guess = hint?.startsWith('Did you mean') === true ? ` ${hint}` : '';
  return `${code} ${pointer || '/'} ${line}:${column}${guess}`;
}

type Found = {
  readonly code: string;
  readonly pointer: string;
  readonly line?: number;
  readonly column?: number;
  readonly hint?: string;
};
