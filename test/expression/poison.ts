/** Expressions that would hang, crash or escape from an evaluator without bounds, and how each must end. */
export type Poison = {
  readonly name: string;
  readonly expression: string;
  /** An error's code, or the value. */
  readonly ends: 'EXPRESSION_ERROR' | 'EXPRESSION_LIMIT' | { readonly value: unknown };
};

const LIMIT = 'EXPRESSION_LIMIT';
const ERROR = 'EXPRESSION_ERROR';
const nested = (open: string, inner: string, close: string, times: number) =>
  open.repeat(times) + inner + close.repeat(times);
/** A value that shares its parts: n levels stand for 2^n leaves. */
const shared = (levels: number) => `$d := $reduce([1..${levels}], function($v, $i) { {"a": $v, "b": $v} }, 1)`;
const sharedList = (levels: number) => `$d := $reduce([1..${levels}], function($v, $i) { [[$v], [$v]] }, [1])`;
const long = (length: number, letter = 'a') => `$pad("", ${length}, "${letter}")`;

export const POISON: readonly Poison[] = [
  // Work that never ends
  { name: 'infinite recursion', expression: '($f := function($n) { $f($n + 1) + 1 }; $f(1))', ends: LIMIT },
  { name: 'infinite tail recursion', expression: '($f := function() { $f() }; $f())', ends: LIMIT },
  {
    name: 'mutual recursion',
    expression: '($f := function($x) { $g($x) }; $g := function($x) { $f($x) }; $f(1))',
    ends: LIMIT,
  },
  { name: 'the Y combinator', expression: '(function($f) { $f($f) })(function($f) { $f($f) })', ends: LIMIT },
  { name: 'tail calls of $map by itself', expression: '($f := function($n) { $map([1], $f) }; $f(1))', ends: LIMIT },
  {
    name: 'partial application in a loop',
    expression: '$map([1..9999], function($n) { $n ~> $power(?, 2) })',
    ends: LIMIT,
  },
  {
    name: 'fibonacci of 60',
    expression: '($f := function($n) { $n < 2 ? $n : $f($n - 1) + $f($n - 2) }; $f(60))',
    ends: LIMIT,
  },
  { name: 'infinity in letters', expression: '$formatInteger(1 / 0, "A")', ends: ERROR },
  { name: 'infinity in scientific notation', expression: '$formatNumber(1 / 0, "0e0")', ends: ERROR },
  {
    name: 'a number format without digits',
    expression: '$formatNumber(5, "#", {"zero-digit": "", "decimal-separator": ""})',
    ends: ERROR,
  },
  {
    name: 'a matcher that always finds',
    expression:
      '($m := function($s) { {"match": "a", "start": 0, "end": 1, "groups": [], "next": function() { $m("a") }} }; $match("a", $m))',
    ends: LIMIT,
  },
  // Sizes
  { name: 'a huge range', expression: '[1..1000000000]', ends: LIMIT },
  { name: 'ten million entries', expression: '[1..10000000]', ends: LIMIT },
  { name: 'a wide product', expression: '[1..9999].([1..9999])', ends: LIMIT },
  { name: 'wide products in a loop', expression: '$map([1..9999], function($i) { [1..9999] })', ends: LIMIT },
  { name: 'padding', expression: '$pad("x", 500000000)', ends: LIMIT },
  { name: 'padding to the left', expression: '$pad("x", -500000000)', ends: LIMIT },
  { name: 'padding with a long text', expression: `$pad("x", 900000, ${long(900000)})`, ends: LIMIT },
  { name: 'padding without end', expression: '$pad("x", 1 / 0)', ends: LIMIT },
  {
    name: 'exponential concatenation',
    expression: '$reduce([1..60], function($s, $i) { $s & $s }, "ab")',
    ends: LIMIT,
  },
  {
    name: 'exponential joining',
    expression: '$reduce([1..60], function($s, $i) { $join([$s, $s]) }, "ab")',
    ends: LIMIT,
  },
  {
    name: 'exponential replacing',
    expression: '$reduce([1..60], function($s, $i) { $replace($s, "a", "aa") }, "a")',
    ends: LIMIT,
  },
  {
    name: 'a long replacement for each letter',
    expression: `$replace(${long(100000)}, "a", ${long(100000)})`,
    ends: LIMIT,
  },
  {
    name: 'exponential appending',
    expression: '$reduce([1..60], function($s, $i) { $append($s, $s) }, [1])',
    ends: LIMIT,
  },
  { name: 'splitting into letters', expression: `$split(${long(1000000)}, "")`, ends: LIMIT },
  {
    name: 'many long texts',
    expression: `($a := ${long(900000)}; $map([1..9999], function($i) { $a & $i }))`,
    ends: LIMIT,
  },
  {
    name: 'many long upper cases',
    expression: `($a := ${long(900000)}; $map([1..9999], function($i) { $uppercase($a & $i) }))`,
    ends: LIMIT,
  },
  {
    name: 'many copies of a list',
    expression: '($a := [1..9000]; $map([1..9999], function($i) { $append($a, $i) }))',
    ends: LIMIT,
  },
  {
    name: 'a list with a length of its own',
    expression: '{"a": [[1]]} ~> |a|{"length": 4294967295}|',
    ends: { value: { a: [[1]] } },
  },
  { name: 'a wide date', expression: '$fromMillis(0, "[H,500000000]")', ends: LIMIT },
  { name: 'a wide date in hexadecimal', expression: '$fromMillis(0, "[H,0x1DCD6500]")', ends: LIMIT },
  {
    name: 'a long picture of an integer',
    expression: `$formatInteger(1, $join($map([1..9000], function($i) { "#,0" }), ","))`,
    ends: LIMIT,
  },
  { name: 'a roman number', expression: '$formatInteger(1e15, "I")', ends: LIMIT },
  // Shared parts, walked as trees
  { name: 'a shared value as a result', expression: `(${shared(60)}; $d)`, ends: LIMIT },
  { name: 'a shared value as text', expression: `(${shared(60)}; $string($d))`, ends: LIMIT },
  { name: 'a shared value concatenated', expression: `(${shared(60)}; "" & $d)`, ends: LIMIT },
  { name: 'shared values compared', expression: `(${shared(60)}; $e := $d; ${shared(60)}; $d = $e)`, ends: LIMIT },
  { name: 'a shared value in an error message', expression: `(${shared(60)}; -$d)`, ends: ERROR },
  { name: 'a shared value transformed', expression: `(${shared(60)}; $d ~> |a|{"x": 1}|)`, ends: LIMIT },
  { name: 'a shared value with all below it', expression: `(${shared(60)}; $count($d.**))`, ends: LIMIT },
  { name: 'a shared list as truth', expression: `(${sharedList(60)}; $boolean($d))`, ends: LIMIT },
  { name: 'a shared list in a sum', expression: `(${sharedList(60)}; $s := $sum(?); $s([$d]))`, ends: ERROR },
  {
    name: 'a shared list as a start',
    expression: `(${sharedList(60)}; $replace("aaa", function($s) { {"match": "a", "start": $d, "end": 1, "groups": [], "next": $f} }, "b"))`,
    ends: ERROR,
  },
  { name: 'a shared list matched', expression: `(${sharedList(60)}; $r := /a/; $r($d))`, ends: ERROR },
  {
    name: 'a shared list as a number format',
    expression: `(${sharedList(60)}; $formatNumber(1, "0", {"minus-sign": $d}))`,
    ends: ERROR,
  },
  // Searching
  { name: 'nested repeats', expression: `$contains(${long(100000)} & "!", /(a+)+$/)`, ends: { value: false } },
  {
    name: 'nested repeats, a million letters',
    expression: `$contains(${long(999999)} & "!", /^(a+)+$/)`,
    ends: { value: false },
  },
  { name: 'a search from every letter to the end', expression: `$count($match(${long(9000)}, /a.*b|a/))`, ends: LIMIT },
  {
    name: 'a large program',
    expression: `$contains(${long(100000)}, /(?:a?){500}(?:a?){500}b/)`,
    ends: { value: false },
  },
  {
    name: 'a large program that must run',
    expression: `$contains(${long(100000)} & "b", /(?:a?){500}(?:a?){500}c|ab$|x/)`,
    ends: LIMIT,
  },
  { name: 'repeats of repeats', expression: '$contains("a", /((((a?){10}){10}){10})*/)', ends: { value: true } },
  {
    name: 'a date of many names',
    expression: `$toMillis(${long(2000)} & "!", "${'[MNn]'.repeat(12)}")`,
    ends: { value: null },
  },
  {
    name: 'a long text in a longer one',
    expression: `$contains(${long(1000000)}, "b" & ${long(400000)})`,
    ends: LIMIT,
  },
  { name: 'an error made of braces', expression: `$error(${long(1000000, '{')})`, ends: ERROR },
  // Loops that are quick each and many
  { name: 'sorting backwards', expression: '$count($sort($reverse([1..9999])))', ends: { value: 9999 } },
  {
    name: 'sorting long texts',
    expression: `($a := ${long(900000)}; $sort($map([1..9999], function($i) { $a & $i })))`,
    ends: LIMIT,
  },
  { name: 'distinct objects', expression: '$distinct($map([1..9999], function($i) { {"n": $i} }))', ends: LIMIT },
  { name: 'distinct numbers', expression: '$count($distinct([1..9999]))', ends: { value: 9999 } },
  { name: 'a predicate that is a list', expression: '($a := [1..9999]; $a[$a])', ends: LIMIT },
  { name: 'inclusion in a loop', expression: '($a := [1..9999]; $count($a[$ in $a]))', ends: LIMIT },
  {
    name: 'fields of wide lists in a loop',
    expression: '$map([1..9999], function($i) { $count($input.rows.x) })',
    ends: LIMIT,
  },
  {
    name: 'truth of a wide object in a loop',
    expression: '$count($map([1..9999], function($i) { $input.wide ? 1 : 2 }))',
    ends: LIMIT,
  },
  {
    name: 'tuples in a loop',
    expression: '($a := [1..9999]; $map($a, function($i) { $count($a@$r.x) }))',
    ends: LIMIT,
  },
  // Text of the expression
  { name: 'open brackets', expression: '('.repeat(30000), ends: LIMIT },
  { name: 'nested brackets', expression: nested('(', '1', ')', 10000), ends: LIMIT },
  { name: 'nested lists', expression: nested('[', '1', ']', 10000), ends: LIMIT },
  { name: 'minus signs', expression: `${'-'.repeat(30000)}1`, ends: LIMIT },
  { name: 'a long sum', expression: `1${'+1'.repeat(15000)}`, ends: LIMIT },
  { name: 'a long path', expression: `$input${'.a'.repeat(15000)}`, ends: LIMIT },
  { name: 'nested conditions', expression: `${'1?'.repeat(15000)}1`, ends: LIMIT },
  { name: 'nested defaults', expression: nested('(', '$input.x', ' ?: 1)', 100), ends: LIMIT },
  { name: 'nested fallbacks', expression: nested('(', '$input.x', ' ?? 1)', 100), ends: LIMIT },
  { name: 'comments', expression: `${'/**/'.repeat(8000)}1`, ends: LIMIT },
  { name: 'a long expression', expression: `"${'a'.repeat(40000)}"`, ends: LIMIT },
  { name: 'a deep result', expression: '$reduce([1..5000], function($v, $i) { {"a": $v} }, 1)', ends: LIMIT },
  // Ways out
  { name: '$eval', expression: '$eval("1 + 1")', ends: ERROR },
  { name: 'the constructor of an object', expression: '$input.constructor', ends: { value: null } },
  {
    name: 'the constructor of a constructor',
    expression: '$input.constructor.constructor("return process")()',
    ends: { value: null },
  },
  { name: 'the constructor of a function', expression: '$sum.constructor("return process")', ends: ERROR },
  { name: 'the prototype', expression: '$input.__proto__.polluted', ends: { value: null } },
  { name: 'the prototype, looked up', expression: '$lookup($input, "__proto__")', ends: { value: null } },
  { name: 'a key named __proto__', expression: '{"__proto__": {"polluted": true}}.polluted', ends: { value: null } },
  {
    name: 'merging __proto__',
    expression: '$merge([{"a": 1}, {"__proto__": {"polluted": true}}]).polluted',
    ends: { value: null },
  },
  {
    name: 'transforming __proto__',
    expression: '({} ~> |$|{"__proto__": {"polluted": true}}|).polluted',
    ends: { value: null },
  },
  { name: 'transforming the prototype', expression: '{} ~> |$.__proto__|{"polluted": true}|', ends: { value: {} } },
  { name: 'transforming a root', expression: '{} ~> |$input|{"polluted": true}|', ends: { value: {} } },
  {
    name: 'transforming a root by another $clone',
    expression: '($clone := function($x) { $input }; {} ~> |$|{"polluted": true}|)',
    ends: { value: { polluted: true } },
  },
  { name: 'transforming a built-in function', expression: '{} ~> |$sum|{"implementation": 1}|', ends: { value: {} } },
  { name: 'the inside of a function', expression: '[$sum] ~> $spread', ends: ERROR },
  { name: 'the implementation of a function', expression: '([$sum] ~> $spread).implementation', ends: { value: null } },
  { name: 'data that looks like a function', expression: '$input.fake()', ends: ERROR },
  { name: 'data that looks like a native function', expression: '$map([1], $input.native)', ends: ERROR },
  { name: 'a function as a result', expression: '{"f": function() { 1 }}', ends: ERROR },
  { name: 'a matcher as a result', expression: '$input.text ~> /a/', ends: ERROR },
  { name: 'the stack in a message', expression: '$error("{{stack}}")', ends: ERROR },
];
