import { describe, expect, test } from 'vitest';
import { createEvaluator, ExpressionError } from '../../src/expression/evaluate.ts';
import { POISON } from './poison.ts';

const row = { x: 1 };
const input = {
  x: 'x',
  text: 'banana',
  empty: [],
  rows: Array.from({ length: 5 }, () => Array.from({ length: 2000 }, () => row)),
  wide: Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`key${i}`, i])),
  fake: { _jsonata_lambda: true, arguments: [], body: { type: 'number', value: 1 } },
  native: { _jsonata_function: true, implementation: 1 },
};
const before = JSON.stringify(input);

function outcome(expression: string) {
  const { evaluate } = createEvaluator({ now: () => 0, random: () => 0 });
  try {
    return { value: evaluate(expression, { input }) };
  } catch (error) {
    expect(error).toBeInstanceOf(ExpressionError);
    const { code, message } = error as ExpressionError;
    expect(message.length).toBeLessThan(2_100);
    expect(message).not.toMatch(/\bat .*:\d+:\d+/);
    return code;
  }
}

describe('poison', () => {
  test.each(POISON)('$name', ({ expression, ends }) => {
    // The time it worked, not the time it waited for a busy machine.
    const start = process.cpuUsage();
    expect(outcome(expression)).toEqual(ends);
    const { user, system } = process.cpuUsage(start);
    expect((user + system) / 1_000).toBeLessThan(1_000);
  });

  test('leaves the prototypes, the roots and the built-in functions as they were', () => {
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    expect(Object.getOwnPropertyNames(Object.prototype).sort()).toEqual(PROTOTYPE);
    expect(JSON.stringify(input)).toBe(before);
    expect(outcome('$sum([1, 2])')).toEqual({ value: 3 });
  });
});

const PROTOTYPE = [
  '__defineGetter__',
  '__defineSetter__',
  '__lookupGetter__',
  '__lookupSetter__',
  '__proto__',
  'constructor',
  'hasOwnProperty',
  'isPrototypeOf',
  'propertyIsEnumerable',
  'toLocaleString',
  'toString',
  'valueOf',
];
