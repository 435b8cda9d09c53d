import type { ErrorObject } from 'ajv/dist/2020.js';
import { didYouMean } from './nearest.ts';
import { inside, keysOf } from './pointer.ts';

/** How a value doesn't fit a JSON Schema. */
export type Mismatch = {
  readonly kind: 'FIELD_MISSING' | 'FIELD_UNKNOWN' | 'FIELD_INVALID';
  readonly pointer: string;
  /** Of the value the schema speaks of: the object, where a field is missing or unknown. */
  readonly owner: string;
  readonly message: string;
  readonly hint?: string;
};

const KINDS: { readonly [type: string]: string } = {
  string: 'must be a text',
  number: 'must be a number',
  integer: 'must be a whole number',
  boolean: 'must be true or false',
  array: 'must be a list',
  object: 'must be an object',
};

/** The library's errors as a person reads them; where one of several had to fit, only that none did. */
export function mismatchesOf(errors: readonly ErrorObject[]): readonly Mismatch[] {
  const kept: ErrorObject[] = [];
  for (const error of errors) {
    if (error.keyword === 'if') continue;
    if (error.keyword === 'anyOf' || error.keyword === 'oneOf') {
      while (kept.at(-1)?.instancePath.startsWith(error.instancePath) === true) kept.pop();
    }
    kept.push(error);
  }
  return kept.map(describe);
}

function describe({ keyword, instancePath, params, message, parentSchema }: ErrorObject): Mismatch {
  const owner = instancePath;
  const named = params as { readonly [name: string]: unknown };
  if (keyword === 'required') {
    const field = String(named['missingProperty']);
    return { kind: 'FIELD_MISSING', pointer: inside(owner, field), owner, message: `'${field}' is missing.` };
  }
  const unknown = named['additionalProperty'] ?? named['unevaluatedProperty'];
  if (typeof unknown === 'string') {
    const { properties } = (parentSchema ?? {}) as { readonly properties?: object };
    const near = didYouMean(unknown, Object.keys(properties ?? {}));
    return {
      kind: 'FIELD_UNKNOWN',
      pointer: inside(owner, unknown),
      owner,
      message: `There is no field '${unknown}' here.`,
      ...near,
    };
  }
  const key = keysOf(owner).at(-1);
  const type = named['type'];
  const kind = keyword === 'type' && typeof type === 'string' ? KINDS[type] : undefined;
  const values = named['allowedValues'];
  const allowed = Array.isArray(values)
    ? `: ${values.map((value) => JSON.stringify(value)).join(', ')}`.slice(0, 500)
    : '';
  const what = key === undefined || /^\d+$/.test(key) ? 'It' : `'${key}'`;
  return {
    kind: 'FIELD_INVALID',
    pointer: owner,
    owner,
    message: `${what} ${kind ?? message ?? 'does not fit'}${allowed}.`,
  };
}
