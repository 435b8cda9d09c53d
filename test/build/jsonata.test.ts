import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildJsonata, makeSynchronous } from '../../src/build/jsonata.ts';
import { rewrite } from '../../src/build/rewrite.ts';

const project = join(import.meta.dirname, '../..');
const source = readFileSync(join(project, 'node_modules/jsonata/jsonata.js'), 'utf8');

describe('the synchronous JSONata', () => {
  let output: string;
  beforeAll(async () => {
    output = await mkdtemp(join(tmpdir(), 'weft-build-'));
  });
  afterAll(() => rm(output, { recursive: true }));

  test('a release with another text fails the build and says where', () => {
    const other = source.replace('input.push(undefined);', 'input.push(void 0);');
    expect(() => makeSynchronous(other, '')).toThrow(
      'an empty list of the data must not grow: expected 1, found 0: input.push(undefined);',
    );
  });

  test('an await more fails the build', () => {
    const other = source.replace('function boolize(value) {', 'async function boolize(value) { await value;');
    expect(() => makeSynchronous(other, '')).toThrow('expected');
  });

  test('a generator more fails the build', () => {
    const other = source.replace('function boolize(value) {', 'function* boolize(value) {');
    expect(() => makeSynchronous(other, '')).toThrow('Asynchronous code is left');
  });

  test('two builds at once both give whole files', async () => {
    await Promise.all([buildJsonata(project, output), buildJsonata(project, output)]);
    const built = await readFile(join(output, 'jsonata.cjs'), 'utf8');
    expect(built).toBe(await readFile(join(project, '.build/jsonata.cjs'), 'utf8'));
  });
});

test('a change must meet its text as often as it says', () => {
  expect(rewrite('a b a', [{ why: 'x', find: 'a', put: '$&', times: 2 }])).toBe('$& b $&');
  expect(() =>
    rewrite('a b a', [
      { why: 'first', find: 'a', put: 'c' },
      { why: 'second', find: /z/g, put: '' },
    ]),
  ).toThrow('first: expected 1, found 2: a\n  second: expected 1, found 0: /z/g');
});
