import { describe, expect, it } from 'vitest';
import { parseJsonBody } from '../../src/api/json-body.ts';
import { Problem } from '../../src/problem.ts';

function refusal(text: string): Problem {
  try {
    parseJsonBody(text);
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error('it was taken');
}

const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
const keys = (count: number) =>
  JSON.stringify(Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, i])));

describe('a JSON body', () => {
  it.each([
    ['nesting of 64', nested(64)],
    ['10,000 keys', keys(10_000)],
    ['escaped text', '{"a": "\\ud83d\\ude00 é \\n"}'],
    ['a key named __proto__', '{"__proto__": {"admin": true}}'],
  ])('takes %s', (_, text) => {
    expect(parseJsonBody(text)).toEqual(JSON.parse(text));
  });

  it.each([
    ['nesting of 65', nested(65), 'TOO_DEEP', '/0'.repeat(64)],
    ['nesting of 100,000', nested(100_000), 'TOO_DEEP', '/0'.repeat(64)],
    ['10,001 keys', `{"a": ${keys(10_001)}}`, 'TOO_MANY_KEYS', '/a'],
    ['NUL in a text', '{"a/b": ["\\u0000"]}', 'CHARACTER_INVALID', '/a~1b/0'],
    ['NUL in a key', '{"a": {"\\u0000": 1}}', 'CHARACTER_INVALID', '/a'],
    ['half a surrogate pair', '["\\ud800"]', 'CHARACTER_INVALID', '/0'],
    ['no JSON', '{"a": }', 'JSON_INVALID', ''],
  ])('refuses %s', (_, text, code, pointer) => {
    const problem = refusal(text);
    expect(problem.code).toBe('MALFORMED');
    expect(problem.errors).toMatchObject([{ code, pointer }]);
  });

  it('leaves prototypes alone', () => {
    parseJsonBody('{"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}}}');
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});
