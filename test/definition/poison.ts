/** Definitions made to hurt whoever reads them: text, format, and one code that must be among the problems (none: it is fine). */
export type Poison = {
  readonly name: string;
  readonly format: 'json' | 'yaml';
  readonly source: string;
  readonly code?: string;
};

const range = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i);
const tasks = (count: number, task: (i: number) => string): string =>
  `{"tasks": [${range(count).map(task).join(',')}]}`;
const keys = (count: number): string =>
  range(count)
    .map((i) => `"k${i}": ${i}`)
    .join(', ');
const withInput = (input: string): string =>
  `{"tasks": [{"id": "a", "type": "executor", "executor": "transform", "with": {"value": ${input}}}]}`;

const LAUGHS = [
  'a0: &a0 [x, x, x, x, x, x, x, x, x, x]',
  ...range(9).map(
    (i) =>
      `a${i + 1}: &a${i + 1} [${range(10)
        .map(() => `*a${i}`)
        .join(', ')}]`,
  ),
].join('\n');

export const poison: readonly Poison[] = [
  {
    name: '3,000 lists in JSON',
    format: 'json',
    source: `{"tasks": ${'['.repeat(3_000)}${']'.repeat(3_000)}}`,
    code: 'TOO_DEEP',
  },
  {
    name: '3,000 objects in JSON',
    format: 'json',
    source: '{"a":'.repeat(3_000) + '1' + '}'.repeat(3_000),
    code: 'TOO_DEEP',
  },
  { name: '500,000 open lists in JSON', format: 'json', source: '['.repeat(500_000), code: 'TOO_DEEP' },
  {
    name: '3,000 lists in YAML',
    format: 'yaml',
    source: `tasks: ${'['.repeat(3_000)}${']'.repeat(3_000)}`,
    code: 'TOO_DEEP',
  },
  {
    name: '3,000 objects in YAML',
    format: 'yaml',
    source: `${'{a: '.repeat(3_000)}1${'}'.repeat(3_000)}`,
    code: 'TOO_DEEP',
  },
  { name: '3,000 dashes in YAML', format: 'yaml', source: `${'- '.repeat(3_000)}x`, code: 'TOO_DEEP' },
  {
    name: '1,000 levels of indentation',
    format: 'yaml',
    source: range(1_000)
      .map((i) => `${' '.repeat(i)}a:`)
      .join('\n'),
    code: 'TOO_DEEP',
  },
  {
    name: '3,000 groups in each other',
    format: 'json',
    source: `{"tasks": ${'[{"id": "a", "type": "sequential", "tasks": '.repeat(3_000)}`,
    code: 'TOO_DEEP',
  },
  { name: 'a billion laughs', format: 'yaml', source: `${LAUGHS}\ntasks: *a9\n`, code: 'TOO_LARGE' },
  { name: '10,000 keys in JSON', format: 'json', source: withInput(`{${keys(10_000)}}`) },
  {
    name: '10,000 keys in lines',
    format: 'yaml',
    source: `tasks:\n  - with:\n${range(10_000)
      .map((i) => `      k${i}: ${i}`)
      .join('\n')}`,
    code: 'TOO_LARGE',
  },
  { name: '10,001 keys in JSON', format: 'json', source: withInput(`{${keys(10_001)}}`), code: 'TOO_LARGE' },
  { name: '10,000 keys in YAML', format: 'yaml', source: withInput(`{${keys(10_000)}}`) },
  {
    name: 'one key 10,000 times',
    format: 'json',
    source: withInput(`{${'"a": 1, '.repeat(9_999)}"a": 1}`),
    code: 'DUPLICATE_KEY',
  },
  {
    name: 'a text of 1 MB in JSON',
    format: 'json',
    source: withInput(`"${'x'.repeat(1_000_000)}"`),
    code: 'PLAN_TOO_LARGE',
  },
  {
    name: 'a text of 1 MB in YAML',
    format: 'yaml',
    source: withInput(`'${'x'.repeat(1_000_000)}'`),
    code: 'PLAN_TOO_LARGE',
  },
  { name: 'over 1 MB', format: 'json', source: withInput(`"${'x'.repeat(1_048_576)}"`), code: 'TOO_LARGE' },
  {
    name: 'an expression of 1 MB',
    format: 'json',
    source: withInput(`"{% 1${' + 1'.repeat(250_000)} %}"`),
    code: 'EXPRESSION_INVALID',
  },
  {
    name: '1 MB of open expressions',
    format: 'json',
    source: withInput(`"${'{%'.repeat(500_000)}"`),
    code: 'EXPRESSION_INVALID',
  },
  { name: '200,000 values', format: 'json', source: withInput(`[${'1,'.repeat(199_999)}1]`), code: 'TOO_LARGE' },
  {
    name: '200,000 values in YAML',
    format: 'yaml',
    source: withInput(`[${'1,'.repeat(199_999)}1]`),
    code: 'TOO_LARGE',
  },
  { name: '300,000 quotes', format: 'yaml', source: '"'.repeat(300_000), code: 'TOO_LARGE' },
  { name: '100,000 anchors', format: 'yaml', source: '&a '.repeat(100_000), code: 'TOO_LARGE' },
  { name: '100,000 documents', format: 'yaml', source: '---\n'.repeat(100_000), code: 'TOO_LARGE' },
  { name: '300,000 empty lines', format: 'yaml', source: `a: >\n${'\n'.repeat(300_000)}`, code: 'TOO_LARGE' },
  { name: '20,000 tasks without anything', format: 'json', source: tasks(20_000, () => '{}'), code: 'PLAN_TOO_LARGE' },
  {
    name: '3,000 tasks that all set one variable',
    format: 'json',
    source: tasks(3_000, (i) => `{"id": "t${i}", "type": "set", "vars": {"x": 1}, "dependencies": []}`),
    code: 'VARIABLE_CONFLICT',
  },
  {
    name: '2,000 tasks in order that all set one variable',
    format: 'json',
    source: tasks(
      2_000,
      (i) =>
        `{"id": "t${i}", "type": "set", "vars": {"x": 1}, "dependencies": [${i > 1 ? `"t${i - 1}", "t${i - 2}"` : i > 0 ? '"t0"' : ''}]}`,
    ),
  },
  {
    name: '3,000 tasks in a ring',
    format: 'json',
    source: tasks(
      3_000,
      (i) => `{"id": "t${i}", "type": "set", "vars": {"x": 1}, "dependencies": ["t${(i + 1) % 3_000}"]}`,
    ),
    code: 'DEPENDENCY_CYCLE',
  },
  {
    name: '100 tasks that depend on all before them',
    format: 'json',
    source: tasks(
      100,
      (i) =>
        `{"id": "t${i}", "type": "set", "vars": {"x": 1}, "dependencies": [${range(i)
          .map((j) => `"t${j}"`)
          .join(',')}]}`,
    ),
  },
  {
    name: '3,000 tasks that jump',
    format: 'json',
    source: tasks(3_000, (i) => `{"id": "t${i}", "type": "set", "vars": {"x": 1}, "next": "t${(i + 1) % 3_000}"}`),
    code: 'LIST_NEVER_ENDS',
  },
  {
    name: '2,000 jumps to nowhere',
    format: 'json',
    source: tasks(2_000, (i) => `{"id": "t${i}", "type": "set", "vars": {"x": 1}, "next": "u${i}"}`),
    code: 'TASK_UNKNOWN',
  },
  {
    name: '100 clauses that each name 100 codes',
    format: 'json',
    source: `{"tasks": [{"id": "a", "type": "try", "tasks": [{"id": "b", "type": "set", "vars": {"x": 1}}], "catch": [${range(
      100,
    )
      .map(
        (i) =>
          `{"errors": [${range(100)
            .map((j) => `"E${i}_${j}"`)
            .join(',')}], "tasks": []}`,
      )
      .join(',')}]}]}`,
  },
  {
    name: '14 tries in each other, each with an error of its own name',
    format: 'json',
    source: `{"tasks": ${range(14).reduce<string>(
      (inner, i) =>
        `[{"id": "a${i}", "type": "try", "tasks": [{"id": "b${i}", "type": "set", "vars": {"x": 1}}], "catch": [{"errors": ["*"], "as": "e${i}", "when": "{% $e${i}.code = $error.code %}", "tasks": ${inner}}]}]`,
      '[]',
    )}}`,
  },
  {
    name: '2,000 dependencies on nothing',
    format: 'json',
    source: tasks(2_000, (i) => `{"id": "t${i}", "type": "set", "vars": {"x": 1}, "dependencies": ["u${i}"]}`),
    code: 'TASK_UNKNOWN',
  },
  {
    name: 'a schema of references that double',
    format: 'json',
    source: `{"input": {"$ref": "#/$defs/d0", "$defs": {${range(30)
      .map((i) => `"d${i}": {"allOf": [{"$ref": "#/$defs/d${i + 1}"}, {"$ref": "#/$defs/d${i + 1}"}]}`)
      .join(',')}, "d30": true}}, "tasks": [{"id": "a", "type": "set", "vars": {"x": 1}}]}`,
  },
  {
    name: 'a schema of 1 MB',
    format: 'json',
    source: `{"input": {"enum": ["${'x'.repeat(1_000_000)}"]}, "tasks": [{"id": "a", "type": "set", "vars": {"x": 1}}]}`,
    code: 'INPUT_SCHEMA_INVALID',
  },
  {
    name: 'a pattern that grows',
    format: 'json',
    source:
      '{"input": {"pattern": "((a{0,100}){0,100}){0,100}"}, "tasks": [{"id": "a", "type": "set", "vars": {"x": 1}}]}',
    code: 'INPUT_SCHEMA_INVALID',
  },
];
