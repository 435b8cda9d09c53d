import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createEvaluator } from '../../src/expression/evaluate.ts';
import { expressionsIn, resolveTemplate } from '../../src/expression/template.ts';
import type { Template } from '../../src/plan/plan.ts';

const { evaluate } = createEvaluator({ now: () => 0, random: () => 0 });
const input = { amount: 5, name: 'Ada', list: [1, 2], nothing: null };
const resolve = (template: Template) => resolveTemplate(template, (expression) => evaluate(expression, { input }));

test.each<[Template, unknown]>([
  ['{% $input.amount %}', 5],
  ['{%$input.list%}', [1, 2]],
  [' {% $input.amount %}\n', 5],
  ['{% $input.missing %}', null],
  ['plain', 'plain'],
  ['', ''],
  ['100 %} and { % }', '100 %} and { % }'],
  ['for {% $input.name %}', 'for Ada'],
  ['{% $input.name %}: {% $input.amount %}', 'Ada: 5'],
  ['{% $input.name %}{% $input.amount %}', 'Ada5'],
  ['[{% $input.list %}]', '[[1,2]]'],
  ['<{% $input.nothing %}>', '<>'],
  ['<{% {"a": true} %}>', '<{"a":true}>'],
  [
    { a: ['{% $input.amount %}', { b: 'x{% 1 + 1 %}' }], c: 7, d: null, e: false },
    { a: [5, { b: 'x2' }], c: 7, d: null, e: false },
  ],
  [{ '{% $input.name %}': 1 }, { '{% $input.name %}': 1 }],
])('%j', (template, value) => {
  expect(resolve(template)).toStrictEqual(value);
});

test('an expression that is not closed is an error', () => {
  expect(() => resolve('{% $input.name')).toThrow('Expected ":"');
});

test('a key __proto__ stays a key', () => {
  const template = JSON.parse('{"__proto__": {"a": "{% 1 %}"}}') as Template;
  expect(JSON.stringify(resolve(template))).toBe('{"__proto__":{"a":1}}');
});

test('expressions are found with their place', () => {
  const template = { 'a/b': ['{% $x %}'], c: 'is {% $y%} and {%$z %}', d: 'none', e: '{% open' };
  expect(expressionsIn(template)).toEqual([
    { pointer: '/a~1b/0', expression: ' $x ', offset: 2 },
    { pointer: '/c', expression: ' $y', offset: 5 },
    { pointer: '/c', expression: '$z ', offset: 17 },
    { pointer: '/e', expression: '{% open', offset: 0 },
  ]);
});

describe('any template', () => {
  const text = fc.string().filter((value) => !value.includes('{%'));
  const json = fc.letrec<{ json: Template }>((tie) => ({
    json: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom(null, true, false),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      text,
      fc.array(tie('json')),
      fc.dictionary(fc.string(), tie('json')),
    ),
  })).json;

  test('without expressions is itself', () => {
    fc.assert(
      fc.property(json, (template) => {
        expect(resolve(template)).toEqual(template);
      }),
    );
  });

  test('gives for a whole expression the value, and inside text its text', () => {
    fc.assert(
      fc.property(json, text, (value, around) => {
        const give = () => value;
        const before = `${around}!`;
        expect(resolveTemplate('{% e %}', give)).toBe(value);
        const shown = value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value);
        expect(resolveTemplate(`${before}{% e %}`, give)).toBe(before + shown);
      }),
    );
  });

  test('has each expression found where it stands', () => {
    fc.assert(
      fc.property(fc.array(text), (texts) => {
        const template = texts.map((part, i) => `${part}{%${i}%}`).join('');
        const found = expressionsIn({ a: [template] });
        expect(found.map(({ expression }) => expression)).toEqual(texts.map((_, i) => String(i)));
        for (const { pointer, expression, offset } of found) {
          expect(pointer).toBe('/a/0');
          expect(template.slice(offset, offset + expression.length)).toBe(expression);
        }
      }),
    );
  });
});
