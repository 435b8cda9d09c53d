import { describe, expect, test } from 'vitest';
import { inspectExpression } from '../../src/expression/inspect.ts';

describe('what is read', () => {
  test.each([
    ['$input.amount > 500', { roots: ['input'] }],
    ['$tasks.check.output.x + $tasks.`other`.output', { roots: ['tasks'], tasks: ['check', 'other'] }],
    ['$vars.rate * $vars.rate', { roots: ['vars'], vars: ['rate'] }],
    ['$keys($vars)', { roots: ['vars'], vars: ['*'] }],
    [
      '$tasks.a[0].output[$vars.i].b{ "k": $tasks.b.output }',
      { roots: ['tasks', 'vars'], tasks: ['a', 'b'], vars: ['i'] },
    ],
    [
      '$map($input.items, function($v, $i, $a) { $v.price * $i + $tasks.t.output })',
      { roots: ['input', 'tasks'], tasks: ['t'] },
    ],
    ['($vars := {"a": 1}; $vars.b)', {}],
    ['1 + 1', {}],
  ])('%s', (expression, reads) => {
    expect(inspectExpression(expression)).toEqual({ problems: [], roots: [], tasks: [], vars: [], ...reads });
  });
});

describe('what may be saved', () => {
  test.each([
    '$input.items[price > 5].{ "n": name, "t": $.x }',
    '$input.items^(>price, name)',
    '$input.items{ category: $sum(price) }',
    '$input.items.(price * count)',
    '$input.a@$o.b[$o.x = c]#$i.{ "i": $i, "o": $o, "up": %.d }',
    '$input ~> |items|{"total": price * count}, "price"|',
    '$input.items.*.**',
    '($f := function($n) { $n = 0 ? $later : $f($n - 1) }; $later := 2; $f(1))',
    '($x := 1; $y := $x + 1; [$x, $y])',
    '$reduce([1, 2], function($a, $b)<nn:n> { $a + $b })',
    '$input.name ~> $trim() ~> $uppercase',
    '$map($input.names, $substring(?, 0, 3))',
    '$match($input.text, /a(b)+[^c]/im)',
    '$input.x ?? $input.y ?: "z"',
    '$input.and.or.in',
    '/* why */ $input."with space".`and more`',
    'λ($x) { $x }(1)',
  ])('%s', (expression) => {
    expect(inspectExpression(expression).problems).toEqual([]);
  });
});

describe('what is refused', () => {
  test.each([
    ['1 +', 'EXPRESSION_INVALID', 3],
    ['$input.amount > > 5', 'EXPRESSION_INVALID', 16],
    ['"open', 'EXPRESSION_INVALID', 5],
    ['/(/', 'EXPRESSION_INVALID', 3],
    ['', 'EXPRESSION_INVALID', 0],
    ['amount > 500', 'BARE_NAME', 0],
    ['$input.a = b', 'BARE_NAME', 11],
    ['{ "a": b }', 'BARE_NAME', 7],
    ['[1..3, x]', 'BARE_NAME', 7],
    ['function($x) { x }', 'BARE_NAME', 15],
    ['sum([1])', 'BARE_NAME', 0],
    ['**.x', 'BARE_NAME', 0],
    ['$', 'BARE_NAME', 0],
    ['$eval("1")', 'EVAL_REFUSED', 0],
    ['$map(["1"], $eval)', 'EVAL_REFUSED', 12],
    ['$input.($f := $eval; $f("1"))', 'EVAL_REFUSED', 14],
    ['$input.x ~> $uppercas()', 'FUNCTION_UNKNOWN', 12],
    ['$input("x")', 'FUNCTION_UNKNOWN', 0],
    ['$order.id', 'VARIABLE_UNKNOWN', 0],
    ['$$.a', 'VARIABLE_UNKNOWN', 0],
    ['$x + ($x := 1)', 'VARIABLE_UNKNOWN', 0],
    ['(($x := 1); $x)', 'VARIABLE_UNKNOWN', 12],
    ['$input.a[$x = 1]', 'VARIABLE_UNKNOWN', 9],
    ['function($x) { $y }', 'VARIABLE_UNKNOWN', 15],
    ['$x ?? 1', 'VARIABLE_UNKNOWN', 0],
    ['$tasks', 'TASKS_DYNAMIC', 0],
    ['$tasks[0]', 'TASKS_DYNAMIC', 0],
    ['$tasks.*', 'TASKS_DYNAMIC', 0],
    ['$tasks.("a" & "b")', 'TASKS_DYNAMIC', 0],
    ['$lookup($tasks, "a")', 'TASKS_DYNAMIC', 8],
    ['$contains("a", /(?=a)b/)', 'REGEX_UNSUPPORTED', 15],
    ['$contains("a", /(a)\\1/)', 'REGEX_UNSUPPORTED', 15],
    ['$contains("a", /(?<n>a)\\k<n>/)', 'REGEX_UNSUPPORTED', 15],
    [`$contains("a", /${'a'.repeat(1_001)}/)`, 'REGEX_UNSUPPORTED', 15],
    ['$contains("a", /((a{10}){10}){9}((a{10}){10}){9}((a{1000})b){9}/)', 'REGEX_UNSUPPORTED', 15],
    ['('.repeat(5_000), 'EXPRESSION_TOO_LARGE', undefined],
    [`"${'a'.repeat(33_000)}"`, 'EXPRESSION_TOO_LARGE', undefined],
    ['/**/'.repeat(600), 'EXPRESSION_TOO_LARGE', undefined],
    ['{% $input.x', 'EXPRESSION_INVALID', 4],
  ])('%s', (expression, code, position) => {
    const { problems } = inspectExpression(expression);
    expect(problems.map((problem) => [problem.code, problem.position])).toEqual([[code, position]]);
  });

  test("a foreach's name is a root where it holds", () => {
    expect(inspectExpression('$order.id', ['order'])).toEqual({ problems: [], roots: ['order'], tasks: [], vars: [] });
  });

  test('all problems at once, each once', () => {
    const codes = inspectExpression('a & $b & $c() & $tasks & a ?? 1').problems.map(({ code }) => code);
    expect(codes.sort()).toEqual(['BARE_NAME', 'BARE_NAME', 'FUNCTION_UNKNOWN', 'TASKS_DYNAMIC', 'VARIABLE_UNKNOWN']);
  });
});
