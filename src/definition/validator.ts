import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ErrorObject } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import type { Json } from '../contract.ts';
import { compilePattern } from '../expression/linear-regex.ts';
import { mismatchesOf } from './mismatches.ts';
import { isObject, isText } from './outline.ts';
import { inside } from './pointer.ts';
import { mapSchema } from './schema-walk.ts';
import type { SchemaObject } from './schema-walk.ts';

/** Characters of a schema as JSON. */
const LARGEST_SCHEMA = 65_536;
/** Schemas met by values; reading a text counts one more for each four characters. */
const MOST_STEPS = 1_000_000;
/** Formats are checked by backtracking expressions; no address or date is longer. */
const LONGEST_FORMATTED = 2_048;
const KEPT = 200;
const STEP = 'x-weft-step';

/** Checks values against one JSON Schema. @throws RangeError when that takes too long */
export type Validator = (value: Json) => readonly ErrorObject[];
export type Checked =
  | { readonly validator: Validator }
  | { readonly flaws: readonly { readonly pointer: string; readonly message: string }[] };

const meter = { left: 0 };
const kept = new Map<string, Checked>();
let made: Ajv2020 | undefined;

/**
 * Makes a validator of a JSON Schema 2020-12, or says why there is none. Whatever the schema, checking is bounded: no
 * schemas from elsewhere, regular expressions in linear time, counted steps.
 */
export function validatorOf(schema: Json): Checked {
  const key = JSON.stringify(schema);
  if (key.length > LARGEST_SCHEMA)
    return flaw('', `It has ${key.length} characters, at most ${LARGEST_SCHEMA} are allowed.`);
  const found = kept.get(key) ?? make(schema);
  kept.delete(key);
  kept.set(key, found);
  const [oldest] = kept.keys();
  if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest);
  return found;
}

function make(schema: Json): Checked {
  const ajv = (made ??= createAjv());
  const flaws: { pointer: string; message: string }[] = [];
  const metered = mapSchema(schema, (each, pointer) => {
    flaws.push(...flawsOf(each, pointer));
    // A name of its own would be known to all schemas that come after it.
    return { ...Object.fromEntries(Object.entries(each).filter(([keyword]) => keyword !== '$id')), [STEP]: true };
  });
  if (flaws.length > 0) return { flaws };
  try {
    if (ajv.validateSchema(schema as SchemaObject) !== true) return { flaws: firstOfEach(ajv.errors ?? []) };
    const validate = ajv.compile(metered as SchemaObject | boolean);
    return {
      validator: (value) => {
        meter.left = MOST_STEPS;
        return validate(value) ? [] : (validate.errors ?? []);
      },
    };
  } catch (error) {
    return flaw('', error instanceof Error ? error.message : String(error));
  } finally {
    if (isObject(metered)) ajv.removeSchema(metered);
  }
}

function createAjv(): Ajv2020 {
  const ajv = new Ajv2020({
    strict: false,
    allErrors: true,
    verbose: true,
    ownProperties: true,
    inlineRefs: false,
    logger: false,
    code: { regExp: Object.assign(linear, { code: 'linear' }) },
  });
  formats.default(ajv);
  for (const [name, format] of Object.entries(ajv.formats)) {
    const check = typeof format === 'object' && 'validate' in format ? format.validate : format;
    const test = check instanceof RegExp ? (text: string) => check.test(text) : check;
    if (typeof test !== 'function') continue;
    ajv.addFormat(name, (text: string) => text.length <= LONGEST_FORMATTED && test(text as never) === true);
  }
  ajv.addKeyword({ keyword: STEP, schema: false, validate: takeStep });
  // The library compares each with each.
  ajv.removeKeyword('uniqueItems');
  ajv.addKeyword({
    keyword: 'uniqueItems',
    type: 'array',
    schemaType: 'boolean',
    error: { message: 'must not have the same entry twice' },
    validate: (wanted: boolean, list: readonly Json[]) => !wanted || new Set(list.map(canonical)).size === list.length,
  });
  return ajv;
}

function takeStep(value: unknown): boolean {
  meter.left -= 1 + (typeof value === 'string' ? value.length >> 2 : 0);
  if (meter.left < 0) throw new RangeError('It takes too long to check.');
  return true;
}

/** In the form that the library wants, which tells patterns apart by `toString`; one matches where it is found in a text. */
function linear(pattern: string): { test: (text: string) => boolean; toString: () => string } {
  const compiled = compilePattern(new RegExp(pattern, 'u'));
  return { test: (text) => compiled.matcher(text).find(), toString: () => pattern };
}

/** What the library doesn't refuse, or without saying where. */
function flawsOf(schema: SchemaObject, pointer: string): readonly { pointer: string; message: string }[] {
  const { patternProperties, pattern } = schema;
  const refs = ['$ref', '$dynamicRef'].filter((keyword) => isText(schema[keyword]) && !schema[keyword].startsWith('#'));
  const patterns = [
    ...(isText(pattern) ? [{ at: inside(pointer, 'pattern'), text: pattern }] : []),
    ...Object.keys(isObject(patternProperties) ? patternProperties : {}).map((text) => ({
      at: inside(pointer, 'patternProperties', text),
      text,
    })),
  ];
  return [
    ...(pointer !== '' && isText(schema['$id'])
      ? [{ pointer: inside(pointer, '$id'), message: "An '$id' belongs at the top." }]
      : []),
    ...refs.map((keyword) => ({
      pointer: inside(pointer, keyword),
      message: 'A reference must stay in the schema: #/…',
    })),
    ...patterns.flatMap(({ at, text }) => {
      try {
        linear(text);
        return [];
      } catch (error) {
        return [{ pointer: at, message: error instanceof Error ? error.message : String(error) }];
      }
    }),
  ];
}

/** The schema of schemas says the same in several ways. */
function firstOfEach(errors: readonly ErrorObject[]): readonly { pointer: string; message: string }[] {
  const places = new Set<string>();
  const first = errors.filter(({ instancePath }) => !places.has(instancePath) && places.add(instancePath));
  return mismatchesOf(first).map(({ pointer, message }) => ({ pointer, message }));
}

function flaw(pointer: string, message: string): Checked {
  return { flaws: [{ pointer, message }] };
}

/** JSON that is the same for equal values, whatever the order of their keys. */
function canonical(value: Json): string {
  return JSON.stringify(value, (_, each: Json) =>
    isObject(each) ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1))) : each,
  );
}
