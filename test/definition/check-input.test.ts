import { describe, expect, it } from 'vitest';
import type { Json } from '../../src/contract.ts';
import { checkInput } from '../../src/definition/check-input.ts';

const order: Json = {
  type: 'object',
  required: ['amount', 'lines'],
  additionalProperties: false,
  properties: {
    amount: { type: 'number', minimum: 1 },
    currency: { enum: ['EUR', 'USD'] },
    mail: { type: 'string', format: 'email' },
    due: { type: 'string', format: 'date' },
    code: { type: 'string', pattern: '^[A-Z]{2}\\d+$' },
    contact: { anyOf: [{ type: 'string' }, { type: 'object', required: ['phone'] }] },
    lines: {
      type: 'array',
      uniqueItems: true,
      items: { type: 'object', required: ['sku'], properties: { sku: { type: 'string' } } },
    },
  },
};
const good = { amount: 2, lines: [{ sku: 'a' }] };

describe('checkInput', () => {
  it.each<[name: string, input: Json, issues: readonly string[]]>([
    [
      'what fits',
      { ...good, currency: 'EUR', mail: 'a@b.example', due: '2026-01-31', code: 'DE12', contact: { phone: 1 } },
      [],
    ],
    ['a missing field', { lines: [] }, ["FIELD_MISSING /amount 'amount' is missing."]],
    ['a missing field deep inside', { amount: 1, lines: [{}] }, ["FIELD_MISSING /lines/0/sku 'sku' is missing."]],
    ['an unknown field', { ...good, curency: 'EUR' }, ["FIELD_UNKNOWN /curency There is no field 'curency' here."]],
    ['a wrong type', { ...good, amount: 'two' }, ["FIELD_INVALID /amount 'amount' must be a number."]],
    ['a wrong root', 5, ['FIELD_INVALID  It must be an object.']],
    ['too little', { ...good, amount: 0 }, ["FIELD_INVALID /amount 'amount' must be >= 1."]],
    [
      'another value',
      { ...good, currency: 'GBP' },
      [`FIELD_INVALID /currency 'currency' must be equal to one of the allowed values: "EUR", "USD".`],
    ],
    [
      'formats',
      { ...good, mail: 'nobody', due: '2026-02-31' },
      [`FIELD_INVALID /mail 'mail' must match format "email".`, `FIELD_INVALID /due 'due' must match format "date".`],
    ],
    ['a pattern', { ...good, code: 'de1' }, [`FIELD_INVALID /code 'code' must match pattern "^[A-Z]{2}\\d+$".`]],
    ['none of several', { ...good, contact: {} }, ["FIELD_INVALID /contact 'contact' must match a schema in anyOf."]],
    [
      'the same entry twice',
      {
        amount: 1,
        lines: [
          { sku: 'a', n: 1 },
          { n: 1, sku: 'a' },
        ],
      },
      ["FIELD_INVALID /lines 'lines' must not have the same entry twice."],
    ],
    [
      'several at once',
      { amount: 'x', lines: 1 },
      ["FIELD_INVALID /amount 'amount' must be a number.", "FIELD_INVALID /lines 'lines' must be a list."],
    ],
    [
      'what only prototypes have',
      {},
      ["FIELD_MISSING /amount 'amount' is missing.", "FIELD_MISSING /lines 'lines' is missing."],
    ],
  ])('%s', (_, input, issues) => {
    expect(checkInput(order, input).map(({ code, pointer, message }) => `${code} ${pointer} ${message}`)).toEqual(
      issues,
    );
  });

  it('takes anything where there is no schema, nothing where it is false', () => {
    for (const schema of [null, true, {}]) expect(checkInput(schema, { a: 1 })).toEqual([]);
    expect(checkInput(false, 1)).toHaveLength(1);
  });

  it('escapes pointers and guesses names', () => {
    const schema = { properties: { 'a/b': { type: 'string' }, colour: {} }, additionalProperties: false };
    expect(checkInput(schema, { 'a/b': 1 })).toMatchObject([{ pointer: '/a~1b' }]);
    expect(checkInput(schema, { color: 1 })).toMatchObject([{ hint: "Did you mean 'colour'?" }]);
  });

  it('says so when the schema is none', () => {
    expect(checkInput({ type: 'nothing' }, 1)).toMatchObject([{ code: 'INPUT_SCHEMA_INVALID' }]);
  });

  it('schemas know nothing of each other', () => {
    const [$id, other] = ['https://json-schema.org/draft/2020-12/schema', 'https://example.com/order'];
    expect(checkInput({ $id, type: 'number' }, 'x')).toHaveLength(1);
    expect(checkInput({ $id: other, type: 'number' }, 1)).toEqual([]);
    expect(checkInput({ $id: other, type: 'text' }, 1)).toMatchObject([{ code: 'INPUT_SCHEMA_INVALID' }]);
    expect(checkInput({ $id: other, type: 'string' }, 1)).toMatchObject([{ code: 'FIELD_INVALID' }]);
    expect(checkInput({ properties: { a: { $id: other } } }, {})).toMatchObject([{ code: 'INPUT_SCHEMA_INVALID' }]);
  });

  it('references inside, also to the whole', () => {
    const tree = {
      type: 'object',
      properties: { left: { $ref: '#' }, size: { $ref: '#/$defs/size' } },
      $defs: { size: { type: 'integer' } },
    };
    expect(checkInput(tree, { left: { left: { size: 1 } } })).toEqual([]);
    expect(checkInput(tree, { left: { left: { size: 'x' } } })).toMatchObject([{ pointer: '/left/left/size' }]);
  });

  it('own fields only', () => {
    expect(checkInput({ required: ['toString'] }, {})).toHaveLength(1);
  });

  it('lists a hundred issues at most', () => {
    const list = Array.from({ length: 5_000 }, () => 'x');
    expect(checkInput({ items: { type: 'number' } }, list)).toHaveLength(100);
  });
});

describe('checkInput is bounded', () => {
  const doubling = Object.fromEntries(
    Array.from({ length: 40 }, (_, i) => [
      `d${i}`,
      { allOf: [{ $ref: `#/$defs/d${i + 1}` }, { $ref: `#/$defs/d${i + 1}` }] },
    ]),
  );
  const deep = Array.from({ length: 60 }).reduce<Json>((inner) => ({ a: inner }), 1);
  const branching = { allOf: [{ properties: { a: { $ref: '#' } } }, { properties: { a: { $ref: '#' } } }] };
  const formatted = { type: 'string', format: 'email' };

  it.each<[name: string, schema: Json, input: Json, code: string | undefined]>([
    ['references that double', { $ref: '#/$defs/d0', $defs: { ...doubling, d40: true } }, 1, 'TOO_LARGE'],
    ['a reference to itself', { $ref: '#' }, 1, 'TOO_LARGE'],
    ['a tree that doubles with each level', branching, deep, 'TOO_LARGE'],
    ['a pattern that backtracks', { pattern: '^(a+)+$' }, `${'a'.repeat(100_000)}!`, 'FIELD_INVALID'],
    ['a format that backtracks', formatted, 'a@'.repeat(200_000), 'FIELD_INVALID'],
    [
      'a long list of different objects',
      { uniqueItems: true },
      Array.from({ length: 50_000 }, (_, n) => ({ n })),
      undefined,
    ],
    [
      'many patterns on a long text',
      { allOf: Array.from({ length: 1_000 }, (_, i) => ({ pattern: `a${i}$` })) },
      'a'.repeat(500_000),
      'TOO_LARGE',
    ],
  ])('%s', (_, schema, input, code) => {
    const began = performance.now();
    const issues = checkInput(schema, input);
    expect(performance.now() - began).toBeLessThan(5_000);
    expect(issues[0]?.code).toBe(code);
  });

  it('goes on after one that was too large', () => {
    checkInput({ $ref: '#' }, 1);
    expect(checkInput({ type: 'number' }, 1)).toEqual([]);
  });
});
