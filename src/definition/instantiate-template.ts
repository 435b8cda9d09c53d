import type { Json } from '../contract.ts';
import { expressionsIn } from '../expression/template.ts';
import type { Issue } from '../problem.ts';
import { checkInput } from './check-input.ts';
import { didYouMean } from './nearest.ts';
import { isList, isObject } from './outline.ts';
import { inside } from './pointer.ts';
import { validatorOf } from './validator.ts';

type Values = { readonly [name: string]: Json };

/** A definition in whose texts `{{ name }}` stands for a parameter. */
export type DefinitionTemplate = {
  readonly body: Json;
  /** JSON Schema of the parameters, an object; `{}` declares none and takes any. */
  readonly parameters: Json;
};

export type Instantiated =
  { readonly ok: true; readonly body: Json } | { readonly ok: false; readonly problems: readonly Issue[] };

const PLACEHOLDER = /\{\{([^{}]*)\}\}/g;
/** Characters of all that is filled in; a definition may have half of it. */
const LARGEST = 2_097_152;
const MOST = 100;

/**
 * Makes a definition of a template. A text that is one placeholder becomes the parameter's value with its type, inside a
 * text it becomes text, inside an expression a literal. Pointers of problems begin with `/parameters` or `/body`.
 */
export function instantiateTemplate({ body, parameters: schema }: DefinitionTemplate, given: Values): Instantiated {
  const values = withDefaults(schema, given);
  const problems: Issue[] = [
    ...unknownParameters(schema, given),
    ...checkInput(schema, values).map((issue) => ({ ...issue, pointer: `/parameters${issue.pointer}` })),
  ];
  let left = LARGEST;
  const filled = mapTexts(body, '/body', (text, pointer) => {
    const only = /^\s*\{\{([^{}]*)\}\}\s*$/.exec(text)?.[1];
    if (only !== undefined) return fits(valueOf(only, pointer));
    const expressions = expressionsIn(text);
    return text.replaceAll(PLACEHOLDER, (_, name: string, at: number) => {
      const value = fits(valueOf(name, pointer));
      const isInside = expressions.some(({ offset, expression }) => at >= offset && at < offset + expression.length);
      return isInside ? asLiteral(value) : asText(value);
    });
  });
  if (left <= 0) {
    problems.push({ pointer: '/body', code: 'TOO_LARGE', message: `Its parameters have over ${LARGEST} characters.` });
  }
  return problems.length === 0 ? { ok: true, body: filled } : { ok: false, problems: problems.slice(0, MOST) };

  function valueOf(written: string, pointer: string): Json {
    const name = written.trim();
    if (Object.hasOwn(values, name)) return values[name] ?? null;
    const problem = missing(schema, name, pointer);
    const isKnown = problems.some((each) => each.pointer === problem.pointer && each.code === problem.code);
    if (!isKnown && problems.length < MOST) problems.push(problem);
    return null;
  }

  /** A value may be meant many times: what would get too large is not even made. */
  function fits(value: Json): Json {
    left -= left > 0 ? JSON.stringify(value).length : 0;
    return left > 0 ? value : null;
  }
}

/** What is wrong with a template, whatever parameters it gets. */
export function checkTemplate({ body, parameters: schema }: DefinitionTemplate): readonly Issue[] {
  const problems: Issue[] = [];
  const checked = validatorOf(schema);
  if (!isObject(schema)) {
    problems.push({ pointer: '/parameters', code: 'INPUT_SCHEMA_INVALID', message: 'It must be a JSON Schema.' });
  } else if ('flaws' in checked) {
    for (const { pointer, message } of checked.flaws)
      problems.push({ pointer: `/parameters${pointer}`, code: 'INPUT_SCHEMA_INVALID', message });
  }
  if (!isObject(body) && !isList(body)) {
    problems.push({ pointer: '/body', code: 'FIELD_INVALID', message: "'body' must be a definition." });
  }
  if (!isClosed(schema)) return problems;
  mapTexts(body, '/body', (text, pointer) => {
    for (const [, written = ''] of text.matchAll(PLACEHOLDER)) {
      const name = written.trim();
      if (problems.length < MOST && !Object.hasOwn(propertiesOf(schema), name)) {
        problems.push(missing(schema, name, pointer));
      }
    }
    return text;
  });
  return problems;
}

function missing(schema: Json, name: string, pointer: string): Issue {
  const known = propertiesOf(schema);
  if (Object.hasOwn(known, name)) {
    const message = `The parameter '${name}' is missing, and has no default.`;
    return { pointer: inside('/parameters', name), code: 'FIELD_MISSING', message };
  }
  const message = `There is no parameter '${name}'.`;
  return { pointer, code: 'PARAMETER_UNKNOWN', message, ...didYouMean(name, Object.keys(known)) };
}

function unknownParameters(schema: Json, given: Values): readonly Issue[] {
  const saysItself = isObject(schema) && schema['additionalProperties'] === false;
  if (saysItself || !isClosed(schema)) return [];
  const known = propertiesOf(schema);
  return Object.keys(given)
    .filter((name) => !Object.hasOwn(known, name))
    .map((name) => missing(schema, name, inside('/parameters', name)));
}

function withDefaults(schema: Json, given: Values): Values {
  const defaults = Object.entries(propertiesOf(schema)).flatMap(([name, property]) =>
    isObject(property) && property['default'] !== undefined ? [[name, property['default']] as const] : [],
  );
  return { ...Object.fromEntries(defaults), ...given };
}

function propertiesOf(schema: Json): Values {
  const properties = isObject(schema) ? schema['properties'] : undefined;
  return isObject(properties) ? properties : {};
}

/** Whether all parameters there may be are named. */
function isClosed(schema: Json): boolean {
  if (!isObject(schema)) return false;
  const { properties, additionalProperties = false, patternProperties } = schema;
  return properties !== undefined && additionalProperties === false && patternProperties === undefined;
}

function mapTexts(value: Json, pointer: string, change: (text: string, pointer: string) => Json): Json {
  if (typeof value === 'string') return change(value, pointer);
  if (isList(value)) return value.map((each, i) => mapTexts(each, inside(pointer, i), change));
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(([key, each]) => [key, mapTexts(each, inside(pointer, key), change)]);
  return Object.fromEntries(entries) as Json;
}

function asText(value: Json): string {
  if (value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** A text in it must not end the expression. */
function asLiteral(value: Json): string {
  return JSON.stringify(value).replaceAll('%', '\\u0025');
}
