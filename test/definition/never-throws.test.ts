import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compile } from '../../src/definition/compile.ts';
import { catalog } from './catalog.ts';

const FIELDS = [
  ...[
    'id',
    'type',
    'tasks',
    'then',
    'else',
    'branches',
    'items',
    'as',
    'dependencies',
    'if',
    'vars',
    'with',
    'executor',
  ],
  ...[
    'output',
    'retry',
    'timeout',
    'assignees',
    'candidateGroups',
    'quorum',
    'escalateTo',
    'onTimeout',
    'deadline',
    'form',
  ],
  ...['cases', 'default', 'when', 'catch', 'finally', 'errors', 'onFailure', 'while', 'maxIterations', 'compensate'],
  ...['reminders', 'every', 'tolerate', 'failures', 'batch', 'count', 'where', 'key', 'workflow', 'mode', 'onError'],
  ...['for', 'until', 'join', 'input', 'name', 'version', 'maxConcurrency', 'next', '$secret', '__proto__', 'toString'],
  ...['nodes', 'edges', 'data', 'source', 'target', 'sourceHandle', 'steps', 'step_name', 'step_type', 'config'],
];
const TYPES = [
  'executor',
  'set',
  'condition',
  'sequential',
  'parallel',
  'foreach',
  'approval',
  'wait',
  'fail',
  'end',
  'switch',
  'loop',
  'try',
  'event',
  'emit',
  'sub_workflow',
  'toString',
  'constructor',
];
const TEXTS = [
  ...TYPES,
  'a',
  'b',
  'http',
  '{% $tasks.a.output %}',
  '{% $vars.x + ',
  '{% $item %}',
  '{% $error.code & $e & $result %}',
  '*',
  'end',
  '10s',
  '',
  '{%%}',
  'all',
];

const key = fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...FIELDS) }, { weight: 1, arbitrary: fc.string() });
const scalar = fc.oneof(fc.constantFrom(...TEXTS), fc.string(), fc.double(), fc.boolean(), fc.constant(null));
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    scalar,
    fc.array(tie('value'), { maxLength: 4 }),
    tie('task'),
    fc.array(tie('task'), { maxLength: 4 }),
    fc.dictionary(key, tie('value'), { maxKeys: 6 }),
  ),
  task: fc
    .tuple(
      fc.constantFrom(...TYPES),
      fc.constantFrom('a', 'b', 'c', 'd'),
      fc.dictionary(key, tie('value'), { maxKeys: 5 }),
    )
    .map(([type, id, fields]) => ({ ...fields, type, id })),
}));
const tasks = fc.array(value, { maxLength: 5 });
const name = fc.constantFrom<unknown>('a', 'b', 'node-1', '1', '', 5);
const kind = fc.constantFrom<unknown>(...TYPES, 'start', 'output', 'webhook', 'agent', null);
const fields = fc.dictionary(key, value, { maxKeys: 5 });
const node = fc.oneof(value, fc.record({ id: name, type: kind, data: fields }));
const handle = fc.constantFrom('true', 'else', 'x', null);
const edge = fc.oneof(value, fc.record({ source: name, target: name, sourceHandle: handle }));
const step = fc.oneof(value, fc.record({ step_name: name, step_type: kind, config: fields, retry: value }));
const body = fc.oneof(
  value,
  fc.record({ tasks, output: value, vars: value, input: value }, { requiredKeys: ['tasks'] }),
  fc.record({ nodes: fc.array(node, { maxLength: 5 }), edges: fc.array(edge, { maxLength: 6 }), vars: value }),
  fc.array(step, { maxLength: 5 }),
);
const noise = fc.array(
  fc.constantFrom(
    '\n',
    '  ',
    '- ',
    ': ',
    '{',
    '}',
    '[',
    ']',
    '"',
    "'",
    '&a ',
    '*a',
    '!t ',
    '|',
    '>',
    '#',
    ',',
    '? ',
    ...TEXTS,
    ...FIELDS,
  ),
);

/** Whatever came: a Plan, or problems that each have a place. */
function answers(source: string, format: 'json' | 'yaml'): void {
  const compiled = compile(source, { format, name: 'x', catalog });
  if (compiled.ok) {
    expect(JSON.parse(JSON.stringify(compiled.plan))).toEqual(compiled.plan);
    return;
  }
  expect(compiled.problems.length).toBeGreaterThan(0);
  for (const { line, column, pointer } of compiled.problems) {
    expect(line).toBeGreaterThan(0);
    expect(column).toBeGreaterThan(0);
    expect(pointer).toMatch(/^(\/|$)/);
  }
}

describe('compile never throws', () => {
  it('on JSON', () => {
    fc.assert(
      fc.property(body, (json) => answers(JSON.stringify(json), 'json')),
      { numRuns: 400 },
    );
  });

  it('on the same as YAML', () => {
    fc.assert(
      fc.property(body, (json) => answers(` ${JSON.stringify(json, null, 1)}`.replace('{', '\n{'), 'yaml')),
      { numRuns: 300 },
    );
  });

  it('on any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), fc.constantFrom('json', 'yaml'), answers), { numRuns: 500 });
  });

  it('on what looks like YAML', () => {
    fc.assert(
      fc.property(
        noise.map((parts) => parts.join('')),
        (text) => answers(text, 'yaml'),
      ),
      { numRuns: 2_000 },
    );
  });
});
