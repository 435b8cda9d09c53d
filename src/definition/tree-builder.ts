import type { Json } from '../contract.ts';
import type { Located } from './located.ts';
import { SourceError } from './source-error.ts';

export const MAX_DEPTH = 64;
/** Of one object. */
const MAX_KEYS = 10_000;
/** Of the whole text, what aliases repeat counted each time. */
const MAX_VALUES = 50_000;
const MAX_FLAWS = 20;
/** Keys that reach into an object's prototype. */
const HOSTILE_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** Something in a text that is wrong but doesn't keep the rest from being read. */
export type Flaw = { readonly code: string; readonly message: string; readonly offset: number };
export type Entry = { readonly key: string; readonly keyStart: number; readonly entry: Located };

/** Makes the tree of a text's values, whatever it was written in, within bounds. */
export type TreeBuilder = {
  readonly flaws: readonly Flaw[];
  /** Before what is in a list or an object is read. @throws SourceError TOO_DEEP */
  readonly enter: (start: number) => void;
  readonly list: (start: number, entries: readonly Located[]) => Located;
  readonly object: (start: number, entries: readonly Entry[]) => Located;
  readonly scalar: (start: number, value: null | boolean | number | string) => Located;
};

/** @param invalid the code of what the format can't hold */
export function createTreeBuilder(invalid: 'YAML_INVALID' | 'JSON_INVALID'): TreeBuilder {
  const flaws: Flaw[] = [];
  let depth = 0;
  let values = 0;

  function count(start: number): void {
    values += 1;
    if (values > MAX_VALUES) throw new SourceError('TOO_LARGE', `There are more than ${MAX_VALUES} values.`, start);
  }

  function report(flaw: Flaw): void {
    if (flaws.length < MAX_FLAWS) flaws.push(flaw);
  }

  function checkKey({ key, keyStart }: Entry, isKnown: boolean): void {
    const flaw = (code: string, message: string) => report({ code, message, offset: keyStart });
    if (isKnown) flaw('DUPLICATE_KEY', `The key '${key}' is there twice.`);
    if (HOSTILE_KEYS.has(key)) flaw('FIELD_INVALID', `The key '${key}' is not allowed.`);
    if (!isStorable(key)) flaw(invalid, 'A key holds \\u0000 or half a surrogate pair.');
  }

  return {
    flaws,
    enter: (start) => {
      depth += 1;
      if (depth > MAX_DEPTH) throw new SourceError('TOO_DEEP', `It is nested deeper than ${MAX_DEPTH} levels.`, start);
    },
    list: (start, entries) => {
      depth -= 1;
      count(start);
      return {
        value: entries.map(({ value }) => value),
        start,
        entries: new Map(entries.map((each, i) => [`${i}`, each])),
      };
    },
    object: (start, entries) => {
      depth -= 1;
      count(start);
      if (entries.length > MAX_KEYS) throw new SourceError('TOO_LARGE', `An object has over ${MAX_KEYS} keys.`, start);
      const known = new Map<string, Located>();
      for (const each of entries) {
        checkKey(each, known.has(each.key));
        known.set(each.key, { ...each.entry, keyStart: each.keyStart });
      }
      const pairs = entries
        .filter(({ key }) => !HOSTILE_KEYS.has(key))
        .map(({ key, entry }) => [key, entry.value] as const);
      return { value: Object.fromEntries<Json>(pairs), start, entries: known };
    },
    scalar: (start, value) => {
      count(start);
      const isFine =
        typeof value === 'number' ? Number.isFinite(value) : typeof value !== 'string' || isStorable(value);
      if (!isFine) {
        const message =
          typeof value === 'number' ? 'That is no finite number.' : 'A text holds \\u0000 or half a surrogate pair.';
        report({ code: invalid, message, offset: start });
      }
      return { value, start, entries: new Map() };
    },
  };
}

/** Whether PostgreSQL can hold the text: no NUL, no half of a surrogate pair. */
function isStorable(text: string): boolean {
  return !/\u0000|\p{Surrogate}/u.test(text);
}
