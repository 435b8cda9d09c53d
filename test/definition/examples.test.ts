import { readdirSync, readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { compile } from '../../src/definition/compile.ts';
import { definitionJsonSchema } from '../../src/definition/json-schema.ts';
import { taskTypes } from '../../src/definition/schema/tasks.ts';
import { catalog } from './catalog.ts';

const examples = readdirSync('examples').filter((file) => file.endsWith('.yaml'));
const text = (file: string): string => readFileSync(`examples/${file}`, 'utf8');
const fits = new Ajv({ strict: false }).compile(definitionJsonSchema() as object);

describe('examples', () => {
  it('are all there', () => {
    const names = ['expense-claim', 'hello', 'http-and-condition', 'parallel-map', 'retry'];
    expect(examples).toEqual(expect.arrayContaining(names.map((name) => `${name}.yaml`)));
  });

  it('use every type of task, and what else the language has', () => {
    const all = examples.map(text).join('\n');
    const types = Object.keys(taskTypes).filter((type) => !new RegExp(`\\btype: ${type}\\b`).test(all));
    expect(types).toEqual([]);
    for (const field of ['compensate', 'reminders', 'next', 'batch', 'tolerate', 'join', 'finally', 'onError', 'retry'])
      expect(all).toMatch(new RegExp(`\\b${field}:`));
  });

  it.each(examples)('%s compiles, is named as its file and names the schema for editors', (file) => {
    const name = file.replace('.yaml', '');
    const compiled = compile(text(file), { format: 'yaml', name, catalog });
    expect(compiled.ok ? [] : compiled.problems).toEqual([]);
    expect(compiled).toMatchObject({ meta: { inputSchema: { type: 'object' } } });
    expect(text(file)).toMatch(/^# yaml-language-server: \$schema=definition\.schema\.json\n/);
    expect(parse(text(file))).toMatchObject({ $schema: 'definition.schema.json', name });
  });
});

describe('examples in other dialects', () => {
  it.each([
    ['graph-claim', 'graph'],
    ['steps-claim', 'steps'],
  ])('%s compiles and is named as its file', (name, dialect) => {
    const compiled = compile(text(`${name}.json`), { format: 'json', name, catalog });
    expect(compiled.ok ? [] : compiled.problems).toEqual([]);
    expect(compiled).toMatchObject({ dialect, meta: { name, inputSchema: { type: 'object' } } });
  });
});

describe('the JSON Schema of the language', () => {
  it('in examples is current; renew it with: npx vitest run test/definition/examples.test.ts -u', async () => {
    const schema = `${JSON.stringify(definitionJsonSchema(), null, 2)}\n`;
    await expect(schema).toMatchFileSnapshot('../../examples/definition.schema.json');
  });

  it.each(examples)('%s fits it', (file) => {
    expect([fits(parse(text(file))), fits.errors]).toEqual([true, null]);
  });

  it.each([
    ['an unknown field', { tasks: [{ id: 'a', type: 'set', vars: {}, color: 'red' }] }],
    ['a missing field', { tasks: [{ id: 'a', type: 'executor' }] }],
    ['an unknown type', { tasks: [{ id: 'a', type: 'nope' }] }],
    ['a bad id', { tasks: [{ id: 'a-b', type: 'set', vars: {} }] }],
    [
      'a bad field deep inside',
      { tasks: [{ id: 'a', type: 'sequential', tasks: [{ id: 'b', type: 'wait', until: 5 }] }] },
    ],
  ])('refuses %s', (_, body) => {
    expect(fits(body)).toBe(false);
  });

  it('says of every field what it is for', () => {
    const silent: string[] = [];
    function visit(schema: unknown, path: string): void {
      const { properties, ...rest } = Object(schema) as { readonly properties?: { readonly [name: string]: object } };
      for (const [field, each] of Object.entries(properties ?? {})) {
        const { description, $ref, allOf, const: fixed } = each as { [keyword: string]: unknown };
        if (![description, $ref, allOf, fixed].some((said) => said !== undefined)) silent.push(`${path}/${field}`);
        visit(each, `${path}/${field}`);
      }
      for (const [keyword, each] of Object.entries(rest))
        if (typeof each === 'object') visit(each, `${path}/${keyword}`);
    }
    visit(definitionJsonSchema(), '');
    expect(silent).toEqual([]);
  });
});
