import { describe, expect, test } from 'vitest';
import { createEvaluator, ExpressionError, type Roots } from '../../src/expression/evaluate.ts';

const roots: Roots = {
  input: {
    amount: 750,
    employee: 'Ada',
    tags: ['a', 'b'],
    empty: [],
    lines: [
      { sku: 'x', price: 2, count: 3 },
      { sku: 'y', price: 5, count: 1 },
      { sku: 'x', price: 1, count: 4 },
    ],
  },
  vars: { rate: 0.2 },
  tasks: { check: { output: { manager: 'Grace' }, status: 'success', error: null } },
  item: { id: 7 },
  index: 3,
  order: { id: 'o1' },
};

const clock = { now: () => Date.UTC(2026, 10, 23, 10, 30), random: () => 0.25 };
const { evaluate } = createEvaluator(clock);

function failure(expression: string, given: Roots = roots): ExpressionError {
  try {
    return expect.unreachable(`gave ${JSON.stringify(createEvaluator(clock).evaluate(expression, given))}`);
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    return error;
  }
}

describe('values', () => {
  test.each<[string, unknown]>([
    ['$input.amount > 500', true],
    ['$input.amount * $vars.rate', 150],
    ['$tasks.check.output.manager', 'Grace'],
    ['$input.nothing', null],
    ['$input.nothing.at.all', null],
    ['null', null],
    ['$item.id + $index', 10],
    ['$order.id', 'o1'],
    ['$input.lines.sku', ['x', 'y', 'x']],
    ['$input.lines[price > 1].sku', ['x', 'y']],
    ['$input.lines[price > 4].sku', 'y'],
    ['$input.lines[price > 4].sku[]', ['y']],
    ['$input.lines{sku: $sum(price)}', { x: 3, y: 5 }],
    ['$input.lines^(>price).price', [5, 2, 1]],
    ['$sum($input.lines.(price * count))', 15],
    ['{"a": $input.tags, "b": {"c": [1, [2]]}}', { a: ['a', 'b'], b: { c: [1, [2]] } }],
    ['$input.tags[]', ['a', 'b']],
    ['$input.empty', []],
    ['$input.empty{"n": 1}', { n: 1 }],
    ['$map([1..3], function($v) { $v * $v })', [1, 4, 9]],
    ['[1..3].{"n": $}', [{ n: 1 }, { n: 2 }, { n: 3 }]],
    ['$now()', '2026-11-23T10:30:00.000Z'],
    ['$millis()', Date.UTC(2026, 10, 23, 10, 30)],
    ['$random()', 0.25],
    ['$shuffle([1..4])', [3, 4, 2, 1]],
    ['$toMillis("2026-11-23T10:30:00")', Date.UTC(2026, 10, 23, 10, 30)],
    ['$toMillis("2026-11-23")', Date.UTC(2026, 10, 23)],
    ['$toMillis("2026-11-23T10:30:00+02:00")', Date.UTC(2026, 10, 23, 8, 30)],
    ['$toMillis("23 November 2026", "[D] [MNn] [Y]")', Date.UTC(2026, 10, 23)],
    ['$base64decode($base64encode("ÿ und so"))', 'ÿ und so'],
    ['$base64encode("a")', 'YQ=='],
    ['$distinct([1, 1, "1", {"a": 1}, {"a": 1}, null, null])', [1, '1', { a: 1 }, null]],
    ['(function($l) { $sort($l, function($a, $b) { $a < $b }) })([1, 3, 2])', [3, 2, 1]],
    ['(function($l) { $map($l, $uppercase) })(["a", "b"])', ['A', 'B']],
    ['$map(["ab", "c"], $length(?))', [2, 1]],
    ['$match("ab", /(a)|(x)/).groups', ['a', null]],
    ['-0', 0],
    ['$input.lines[0] ~> |$|{"price": 9}, "count"|', { sku: 'x', price: 9 }],
    ['$input.nothing ?: ($match("a", /a/) ?: 1).index', 0],
  ])('%s', (expression, value) => {
    expect(evaluate(expression, roots)).toStrictEqual(value);
  });
});

describe('regular expressions are those of JavaScript, in linear time', () => {
  test.each<[string, unknown]>([
    ['$contains("ABC", /b/i)', true],
    ['$contains("ABC", /b/)', false],
    ['$contains("a\\nb", /^b$/)', false],
    ['$contains("a\\nb", /^b$/m)', true],
    ['$split("a, b;c", /[,;] */)', ['a', 'b', 'c']],
    ['$replace("2026-11-23", /(\\d+)-(\\d+)-(\\d+)/, "$3.$2.$1")', '23.11.2026'],
    ['$replace("aaa", /a/, "b", 2)', 'bba'],
    ['$match("ab12cd3", /\\d+/).match', ['12', '3']],
    ['$match("ab12cd3", /\\d+/).index', [2, 6]],
    ['$contains("a/b", /a\\/b/)', true],
    ['$contains("é", /\\u00e9/)', true],
    ['$contains("ab", /(?<first>a)b/)', true],
  ])('%s', (expression, value) => {
    expect(evaluate(expression, {})).toStrictEqual(value);
  });
});

describe('failures', () => {
  test.each([
    ['1 +', 'EXPRESSION_ERROR', 'Unexpected end of expression', 3],
    [
      '$input.amount & ("a" + 1)',
      'EXPRESSION_ERROR',
      'The left side of the "+" operator must evaluate to a number',
      22,
    ],
    ['$error("no budget")', 'EXPRESSION_ERROR', 'no budget', 7],
    ['$nothing()', 'EXPRESSION_ERROR', 'Attempted to invoke a non-function', 9],
    ['$eval("1")', 'EXPRESSION_ERROR', 'Attempted to invoke a non-function', 6],
    ['function() { 1 }', 'EXPRESSION_ERROR', 'The result holds a function, which is not JSON', undefined],
    ['1 / 0', 'EXPRESSION_ERROR', 'Number out of range: Infinity', undefined],
    ['/(?=a)b/', 'EXPRESSION_ERROR', 'error parsing regexp: invalid or unsupported Perl syntax: `(?=`', undefined],
    ['[1..10001]', 'EXPRESSION_LIMIT', 'The maximum sequence length of 10001 was exceeded.', 4],
    ['$pad("", 1000001)', 'EXPRESSION_LIMIT', 'A text of 1000001 characters is over the limit of 1000000', 5],
  ])('%s', (expression, code, message, position) => {
    const error = failure(expression);
    expect({ code: error.code, message: error.message, position: error.position }).toEqual({ code, message, position });
  });

  test('one evaluation does not use up the steps of the next', () => {
    const expression = '$sum($map([1..9000], function($v) { $v * 2 }))';
    for (let i = 0; i < 5; i++) expect(evaluate(expression, {})).toBe(81_009_000);
  });
});

describe('sizes', () => {
  const many = { input: { items: Array.from({ length: 50_000 }, (_, n) => ({ n })) } };

  test('data may be longer than a list that is made', () => {
    expect(evaluate('$count($input.items)', many)).toBe(50_000);
    expect(evaluate('$input.items[49999].n', many)).toBe(49_999);
    expect(failure('$input.items.n', many).code).toBe('EXPRESSION_LIMIT');
  });

  test('the items of a foreach may be more, by option, and only for that evaluation', () => {
    const limited = createEvaluator(clock);
    expect(limited.evaluate('$input.items', many, { sequenceLimit: 100_000 })).toHaveLength(50_000);
    expect(limited.evaluate('$input.items.n', many, { sequenceLimit: 100_000 })).toHaveLength(50_000);
    expect(() => limited.evaluate('$input.items.n', many)).toThrow(ExpressionError);
  });

  test('everyday work over 9,000 entries fits the steps', () => {
    const items = many.input.items.slice(0, 9_000).map(({ n }) => ({ n, group: `g${n % 3}`, text: `line ${n}` }));
    for (const expression of [
      '$input.items{group: $sum(n)}',
      '$input.items^(>n, text)[0].n',
      '$join($input.items.text, "\n")',
      '$filter($input.items, function($i) { $contains($i.text, /9$/) })',
      '$distinct($input.items.group)',
    ]) {
      expect(() => evaluate(expression, { input: { items } }), expression).not.toThrow();
    }
  });
});

describe('what goes in and out', () => {
  test('the roots are never changed, and nothing of them is handed out', () => {
    const given = { input: { list: [], object: { a: 1 }, call: { b: 1 }, one: [{ n: 1 }] } };
    const before = structuredClone(given);
    for (const expression of ['$input.list{"n": 1}', '$input.one[]', '{} ~> |$input.object|{"x": 1}|'])
      evaluate(expression, given);
    for (const expression of ['$input.call()', '(function() { $input.call() })()']) failure(expression, given);
    expect(given).toStrictEqual(before);
    expect(evaluate('$input.object', given)).not.toBe(given.input.object);
  });

  test('results are plain JSON', () => {
    const list = evaluate('$input.lines.sku', roots);
    expect(Reflect.ownKeys(list as object)).toEqual(['0', '1', '2', 'length']);
    expect(Object.getPrototypeOf(evaluate('{"a": 1}', roots))).toBe(Object.prototype);
  });

  test('a key __proto__ stays a key', () => {
    const given = JSON.parse('{"input": {"__proto__": {"polluted": true}}}') as Roots;
    const result = evaluate('$input', given) as object;
    expect(JSON.stringify(result)).toBe('{"__proto__":{"polluted":true}}');
    expect(Object.getPrototypeOf(result)).toBe(Object.prototype);
  });
});
