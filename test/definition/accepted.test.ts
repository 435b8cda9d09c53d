import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { compile } from '../../src/definition/compile.ts';
import { catalog } from './catalog.ts';

/** Definitions in which nothing is wrong, though it may look so. */
const accepted = parse(readFileSync('test/definition/accepted.yaml', 'utf8')) as readonly {
  readonly name: string;
  readonly source: string;
}[];

it.each(accepted)('$name', ({ source }) => {
  const compiled = compile(source, { format: 'yaml', catalog });
  expect(compiled.ok ? [] : compiled.problems).toEqual([]);
});
