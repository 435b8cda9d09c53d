import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findJsonError } from '../../src/api/find-json-error.ts';

describe('where a text stops being JSON', () => {
  it.each([
    ['', 1, 1, 'Expected value, found the end'],
    ['{"a": 1', 1, 8, 'Expected , or }, found the end'],
    ['{"a": x}', 1, 7, 'Expected value, found "x"'],
    ['{\n  "a": 1,\n}', 3, 1, 'Expected key, found "}"'],
    ['[1, 2,]', 1, 7, 'Expected value, found "]"'],
    ['{"a" 1}', 1, 6, 'Expected :, found "1"'],
    ['{} {}', 1, 4, 'Expected the end, found "{"'],
    ['["a\nb"]', 1, 2, 'Expected value'],
    ['[01]', 1, 3, 'Expected , or ]'],
    ["{'a': 1}", 1, 2, 'Expected key or }'],
    ['["\\x"]', 1, 2, 'Expected value'],
    ['[1}', 1, 3, 'Expected , or ], found "}"'],
    [']', 1, 1, 'Expected value, found "]"'],
  ])('%j', (text, line, column, message) => {
    expect(findJsonError(text)).toMatchObject({ line, column, code: 'JSON_INVALID' });
    expect(findJsonError(text).message).toContain(message);
  });

  it('finds the end of everything that is JSON, and nothing that JSON.parse takes is refused before its end', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(findJsonError(text).message).toContain('Expected the end, found the end');
      }),
    );
  });

  it('is linear: a megabyte of brackets or quotes takes no time', () => {
    const began = performance.now();
    for (const text of ['['.repeat(1e6), '"'.repeat(1e6), '"\\'.repeat(5e5), '{"a":'.repeat(2e5)]) findJsonError(text);
    expect(performance.now() - began).toBeLessThan(2_000);
  });
});
