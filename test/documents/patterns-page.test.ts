import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { builtIn, describeCatalog } from '../../activities/catalog.ts';
import { compile } from '../../src/definition/compile.ts';
import { definitionJsonSchema } from '../../src/definition/json-schema.ts';
import { patternFiles } from '../workflows/patterns/run-pattern.ts';

const ROOT = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const rows = read('docs/patterns.md')
  .split('\n')
  .filter((line) => /^\| \d/.test(line))
  .map((line) => line.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, '')));
const fits = new Ajv({ strict: false }).compile(definitionJsonSchema() as object);

describe('docs/patterns.md', () => {
  it('has all 43, in order, and each says how or why not', () => {
    expect(rows.map(([number]) => Number(number))).toEqual(Array.from({ length: 43 }, (_, i) => i + 1));
    for (const row of rows) expect(row).toHaveLength(5);
  });

  it('leads to a definition of each that can be expressed, and to no other', () => {
    const linked = rows.flatMap(([number, pattern = '', , support]) => {
      const file = /\]\(\.\.\/examples\/patterns\/(.+)\)/.exec(pattern)?.[1];
      expect([number, support === 'no']).toEqual([number, file === undefined]);
      if (file !== undefined) expect(file).toMatch(new RegExp(`^wcp-0?${number}-`));
      return file === undefined ? [] : [file];
    });
    expect(linked).toEqual(patternFiles);
  });

  it('counts them', () => {
    const count = (support: string) => rows.filter((row) => row[3] === support).length;
    const counted = `${count('direct')} direct, ${count('built')} built, ${count('partly')} partly, ${count('no')} not.`;
    expect(read('docs/patterns.md')).toContain(counted);
  });

  const children = ['notice', 'statement', 'bid'].map((name) => `children/${name}.yaml`);
  it.each([...patternFiles, ...children])(
    '%s compiles with the built-in executors and is named as its file',
    (file) => {
      const source = read(`examples/patterns/${file}`);
      const name = basename(file, '.yaml');
      const compiled = compile(source, { format: 'yaml', name, catalog: describeCatalog(builtIn) });
      expect(compiled.ok ? [] : compiled.problems).toEqual([]);
      expect(parse(source)).toMatchObject({ name });
      if (compiled.ok && compiled.dialect === 'native')
        expect([fits(parse(source)), fits.errors]).toEqual([true, null]);
    },
  );

  it.each(patternFiles)('what %s demands is asserted', (file) => {
    const number = Number(/\d+/.exec(file)?.[0]);
    const tests = ['basic', 'joins', 'instances', 'state'].map((name) =>
      read(`test/workflows/patterns/${name}.test.ts`),
    );
    expect(tests.join('\n')).toMatch(new RegExp(`WCP-${number}: [^]*runPattern\\(${number}[,)]`));
  });
});
