import { definitionJsonSchema } from '../../src/definition/json-schema.ts';
import { table } from './markdown-table.ts';

type Schema = {
  readonly $ref?: string;
  readonly allOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly type?: string | readonly string[];
  readonly const?: string;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: Schema;
  readonly properties?: { readonly [field: string]: Schema };
  readonly additionalProperties?: Schema | boolean;
  readonly required?: readonly string[];
  readonly examples?: readonly unknown[];
  readonly title?: string;
  readonly description?: string;
  readonly definitions?: { readonly [name: string]: Schema };
};
type Field = { readonly name: string; readonly schema: Schema; readonly isRequired: boolean };

const root = definitionJsonSchema() as Schema;
const definitions = root.definitions ?? {};
const types = new Map(
  (definitions['task']?.oneOf ?? []).map((schema) => [schema.properties?.['type']?.const ?? '', schema]),
);
/** Types may lack one of these; their sections say it. */
const COMMON = ['id', 'title', 'if', 'dependencies', 'next', 'output', 'totalTimeout', 'onError', 'compensate'];
/** Where a field of these names means something else than on every task. */
const OWN: { readonly [type: string]: readonly string[] } = { condition: ['if'], end: ['output'] };

/** Names of the task types, as the schema has them. */
export const typeNames: readonly string[] = [...types.keys()];

/** The fields of `definition`, of `every-task`, of a type, or of one of the schema's named parts. */
export function fieldsOf(name: string): readonly Field[] {
  if (name === 'definition') return expand(root);
  if (name === 'every-task') return COMMON.flatMap((field) => expand(types.get('set') ?? {}, [field]));
  const type = types.get(name);
  if (type) {
    const own = Object.keys(type.properties ?? {}).filter((field) => field !== 'type' && !COMMON.includes(field));
    return expand(type, [...(OWN[name] ?? []), ...own]);
  }
  const part = definitions[name];
  if (!part) throw new Error(`There is no '${name}' in the schema`);
  return expand(part);
}

/** @returns a Markdown table, or a sentence where there is nothing to tell */
export function fieldTable(fields: readonly Field[]): string {
  const rows = fields.map(({ name, schema, isRequired }) => {
    const { text, standard } = split(schema.description ?? refOf(schema)?.description ?? '');
    return [`\`${name}\``, typeOf(schema), isRequired ? 'required' : standard, text].map(noHtml);
  });
  return table(['field', 'type', 'default', 'what'], rows);
}

function noHtml(text: string): string {
  return text.replaceAll('<', '&lt;');
}

/** With the fields of what stands inside a field, where that has no name of its own. */
function expand(schema: Schema, only?: readonly string[], prefix = ''): readonly Field[] {
  return Object.entries(schema.properties ?? {}).flatMap(([field, each]) => {
    if (only && !only.includes(field)) return [];
    const name = `${prefix}${field}`;
    const isRequired = schema.required?.includes(field) === true;
    const parts = [each, ...(each.anyOf ?? [])].filter((part) => part.properties !== undefined);
    const inner = each.items?.properties ? expand(each.items, undefined, `${name}[].`) : [];
    return [
      { name, schema: each, isRequired },
      ...parts.flatMap((part) => expand(part, undefined, `${name}.`)),
      ...inner,
    ];
  });
}

function refOf({ $ref, allOf }: Schema): (Schema & { readonly name: string }) | undefined {
  const name = ($ref ?? allOf?.[0]?.$ref)?.split('/').at(-1);
  const target = name === undefined ? undefined : definitions[name];
  return name !== undefined && target ? { ...target, name } : undefined;
}

const LINKS: { readonly [name: string]: string } = {
  retry: '[retry](#retry)',
  compensation: '[compensate](#compensate)',
  escalation: '[escalateTo](#escalateto)',
  reminders: '[reminders](#reminders)',
  task: 'task',
};

function typeOf(schema: Schema): string {
  const ref = refOf(schema);
  if (ref) return LINKS[ref.name] ?? ref.name;
  if (schema.const !== undefined) return `\`${schema.const}\``;
  if (schema.enum) return schema.enum.map((value) => `\`${value}\``).join(', ');
  if (schema.anyOf) return [...new Set(schema.anyOf.map(typeOf))].join(' or ');
  if (schema.examples?.includes('10s') === true) return `duration${mayBeExpression(schema)}`;
  if (schema.pattern?.includes('\\{%') === true) return 'expression';
  if (schema.type === 'array') return schema.items?.properties ? 'list of objects' : `list of ${plural(schema.items)}`;
  if (schema.type === 'integer' || schema.type === 'number') return numberType(schema);
  if (schema.type === 'object') return 'object';
  if (schema.type === 'boolean') return '`true`, `false`';
  if (schema.type === 'string') return `text${mayBeExpression(schema)}`;
  return 'any JSON';
}

function plural(items: Schema | undefined): string {
  const type = items ? typeOf(items) : 'any JSON';
  return (
    { task: '[tasks](#task-types)', text: 'texts', expression: 'expressions', duration: 'durations' }[type] ?? type
  );
}

function numberType({ type, minimum, maximum }: Schema): string {
  const kind = type === 'integer' ? 'whole number' : 'number';
  if (minimum === undefined || maximum === undefined) return kind;
  const most = maximum === Number.MAX_SAFE_INTEGER ? '' : maximum.toLocaleString('en');
  return most === '' ? `${kind} from ${minimum}` : `${kind} ${minimum}…${most}`;
}

function mayBeExpression({ examples = [] }: Schema): string {
  return examples.some((example) => typeof example === 'string' && example.includes('{%')) ? ' or expression' : '';
}

/** A description ends with its default, where it has one. */
function split(description: string): { readonly text: string; readonly standard: string } {
  const found = / ?Default:? ([^.]*(?:\.\w[^.]*)*)\.$/.exec(description);
  if (!found) return { text: description, standard: '' };
  return { text: description.slice(0, found.index), standard: found[1] ?? '' };
}
