import { describe, expect, it } from 'vitest';
import type { Json } from '../../src/contract.ts';
import { checkTemplate, instantiateTemplate } from '../../src/definition/instantiate-template.ts';

type Values = { readonly [name: string]: Json };

const parameters = {
  type: 'object',
  required: ['url'],
  properties: {
    url: { type: 'string' },
    limit: { type: 'number', default: 500 },
    people: { type: 'array', items: { type: 'string' }, default: ['manager'] },
    kind: { type: 'string' },
  },
};
const URL = 'http://x.test';

const texts: readonly [what: string, text: Json, values: Values, filled: Json][] = [
  ['a text that is one placeholder takes the typed value', ['{{ limit }}', ' {{people}}\n'], {}, [500, ['manager']]],
  ['inside a text it becomes text', 'over {{limit}} at {{ url }}{{ people }}', {}, `over 500 at ${URL}["manager"]`],
  ['inside an expression it is a literal', '{% $input.n > {{ limit }} %}', {}, '{% $input.n > 500 %}'],
  [
    'a text can not end an expression or a literal',
    'a {% $input.kind = {{ kind }} %} {{ kind }}',
    { kind: '" %} {% $evil("' },
    'a {% $input.kind = "\\" \\u0025} {\\u0025 $evil(\\"" %} " %} {% $evil("',
  ],
  ['what is filled in is not filled in again', '{{ kind }}!', { kind: '{{ limit }}' }, '{{ limit }}!'],
  [
    'keys stay, all else is gone through',
    { '{{ url }}': [1, null, { a: '{{ limit }}' }] },
    {},
    { '{{ url }}': [1, null, { a: 500 }] },
  ],
  ['single braces are none', '{ {url} } {{', {}, '{ {url} } {{'],
];

const wrong: readonly [what: string, body: Json, values: Values, problems: readonly string[]][] = [
  ['a parameter that is required', { a: '{{ url }}', b: '{{ url }}!' }, {}, ['FIELD_MISSING /parameters/url']],
  ['one that is used and has no default', { a: '{{ kind }}' }, { url: URL }, ['FIELD_MISSING /parameters/kind']],
  [
    'one of the wrong type',
    {},
    { url: 5, people: [1] },
    ['FIELD_INVALID /parameters/url', 'FIELD_INVALID /parameters/people/0'],
  ],
  ['one that is not declared', {}, { url: URL, limt: 1 }, ["PARAMETER_UNKNOWN /parameters/limt Did you mean 'limit'?"]],
  [
    'an unknown placeholder',
    { a: [{ 'b/c': 'x {{ limits }}' }] },
    { url: URL },
    ["PARAMETER_UNKNOWN /body/a/0/b~1c Did you mean 'limit'?"],
  ],
  [
    'a placeholder that is no name',
    { a: '{{ }}', b: '{{ a b }}', c: '{{constructor}}' },
    { url: URL },
    ['PARAMETER_UNKNOWN /body/a', 'PARAMETER_UNKNOWN /body/b', 'PARAMETER_UNKNOWN /body/c'],
  ],
];

describe('instantiating a template', () => {
  it.each(texts)('%s', (_, text, values, filled) => {
    expect(instantiateTemplate({ body: { text }, parameters }, { url: URL, ...values })).toEqual({
      ok: true,
      body: { text: filled },
    });
  });

  it.each(wrong)('%s is a problem with its place', (_, body, values, problems) => {
    expect(problemsOf(body, parameters, values)).toEqual(problems);
  });

  it('without declarations takes any parameter, but needs those that are used', () => {
    expect(instantiateTemplate({ body: ['{{ x }}'], parameters: {} }, { x: 1, y: 2 })).toEqual({ ok: true, body: [1] });
    expect(instantiateTemplate({ body: ['<{{ x }}>'], parameters: {} }, { x: null })).toEqual({
      ok: true,
      body: ['<>'],
    });
    expect(problemsOf(['{{ x }}'], {}, {})).toEqual(['PARAMETER_UNKNOWN /body/0']);
  });

  it('says an undeclared parameter once, where the schema refuses it itself', () => {
    const closed = { ...parameters, additionalProperties: false };
    expect(problemsOf({}, closed, { url: URL, x: 1 })).toEqual(['FIELD_UNKNOWN /parameters/x']);
  });

  it('does not make what would get too large', () => {
    const body = Array<string>(100_000).fill('{{ url }}');
    expect(problemsOf(body, parameters, { url: 'x'.repeat(100_000) })).toEqual(['TOO_LARGE /body']);
    expect(problemsOf([body.join('')], parameters, { url: 'x'.repeat(100_000) })).toEqual(['TOO_LARGE /body']);
  });
});

describe('checking a template', () => {
  it('finds placeholders that nothing declares, a schema that is none, a body that is none', () => {
    const check = (body: Json, schema: Json) => checkTemplate({ body, parameters: schema }).map(show);
    expect(check({ a: '{{ url }} {{ limits }}' }, parameters)).toEqual([
      "PARAMETER_UNKNOWN /body/a Did you mean 'limit'?",
    ]);
    expect(check({ a: '{{ anything }}' }, {})).toEqual([]);
    expect(check([], { properties: { a: { type: 'txt' } } })).toEqual([
      'INPUT_SCHEMA_INVALID /parameters/properties/a/type',
    ]);
    expect(check([], true)).toEqual(['INPUT_SCHEMA_INVALID /parameters']);
    expect(check('text', {})).toEqual(['FIELD_INVALID /body']);
  });
});

function problemsOf(body: Json, schema: Json, values: Values): readonly string[] {
  const made = instantiateTemplate({ body, parameters: schema }, values);
  return made.ok ? [] : made.problems.map(show);
}

function show({ code, pointer, hint }: { readonly code: string; readonly pointer: string; readonly hint?: string }) {
  return `${code} ${pointer}${hint === undefined ? '' : ` ${hint}`}`;
}
