import jsonata from '#jsonata';
import type { Json } from '../contract.ts';
import { ExpressionError } from './expression-error.ts';

/** Levels of lists and objects in a result. */
const DEEPEST = 100;
const OWN = { writable: true, enumerable: true, configurable: true };

/**
 * A plain copy of what an expression gave: no marks of JSONata, no functions, nothing shared with the roots. A key
 * `__proto__` is a key like any other.
 * @throws ExpressionError for functions, numbers JSON doesn't have, and nesting over 100
 */
export function toJson(value: unknown, depth = 0): Json {
  jsonata.charge(1 / 4);
  if (value === undefined || value === null) return null;
  if (typeof value === 'boolean') return value;
  if (typeof value === 'string') return counted(value);
  if (typeof value === 'number') return finite(value);
  if (typeof value !== 'object' || jsonata.isFunction(value)) {
    throw new ExpressionError('EXPRESSION_ERROR', 'The result holds a function, which is not JSON');
  }
  if (depth >= DEEPEST) throw new ExpressionError('EXPRESSION_LIMIT', `The result nests deeper than ${DEEPEST} levels`);
  return Array.isArray(value) ? value.map((entry) => toJson(entry, depth + 1)) : toObject(value, depth);
}

function toObject(value: object, depth: number): { readonly [key: string]: Json } {
  const result: Record<string, Json> = {};
  for (const [key, entry] of Object.entries(value)) {
    if (entry === undefined) continue;
    const copy = toJson(entry, depth + 1);
    // Assigning would set the prototype.
    if (key === '__proto__') Object.defineProperty(result, key, { ...OWN, value: copy });
    else result[counted(key)] = copy;
  }
  return result;
}

function counted(text: string): string {
  jsonata.charge(text.length / 64);
  return text;
}

function finite(number: number): number {
  if (!Number.isFinite(number)) throw new ExpressionError('EXPRESSION_ERROR', `Number out of range: ${number}`);
  return number === 0 ? 0 : number;
}
