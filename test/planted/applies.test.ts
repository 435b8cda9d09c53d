import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { bugs } from './bugs/index.ts';

const PROJECT = join(import.meta.dirname, '../..');

it.each(bugs)('$what: there is one place to plant it, and what catches it', ({ file, find, replace, caughtBy }) => {
  expect(readFileSync(join(PROJECT, file), 'utf8').split(find)).toHaveLength(2);
  expect(replace).not.toBe(find);
  const check = 'chaos' in caughtBy ? 'test/chaos/chaos.ts' : caughtBy.test;
  expect(existsSync(join(PROJECT, check))).toBe(true);
});

it('at least 15 bugs, each another', () => {
  expect(bugs.length).toBeGreaterThanOrEqual(15);
  expect(new Set(bugs.map(({ what }) => what)).size).toBe(bugs.length);
});
