import type { Json } from '../contract.ts';
import { keysOf } from './pointer.ts';
import { offsetInText } from './offset-in-text.ts';

/** A value of a definition with its place in the text. */
export type Located = {
  readonly value: Json;
  /** Characters from the start of the text. */
  readonly start: number;
  /** Of the key it stands under, in an object. */
  readonly keyStart?: number;
  /** What is in it, by key or by index. */
  readonly entries: ReadonlyMap<string, Located>;
};

/** Line and column, both from 1. */
export type Position = { readonly line: number; readonly column: number };

/** Part of a value that is meant: its key, or a character of it when it is a text. */
export type Part = 'key' | number;

/**
 * Gives line and column of what a pointer names; of the nearest value around it where it is missing.
 */
export type Locate = (pointer: string, part?: Part) => Position;

export function createLocate(source: string, root: Located): Locate {
  const position = createPositions(source);
  return (pointer, part) => {
    const { found, isWhole } = find(root, pointer);
    if (!isWhole) return position(found.start);
    if (part === 'key') return position(found.keyStart ?? found.start);
    return position(part === undefined ? found.start : offsetInText(source, found.start, part));
  };
}

/** Turns offsets of a text into lines and columns. */
export function createPositions(source: string): (offset: number) => Position {
  const lineStarts = [0];
  for (let at = source.indexOf('\n'); at >= 0; at = source.indexOf('\n', at + 1)) lineStarts.push(at + 1);
  return (offset) => {
    let low = 0;
    let high = lineStarts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((lineStarts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (lineStarts[low] ?? 0) + 1 };
  };
}

function find(root: Located, pointer: string): { readonly found: Located; readonly isWhole: boolean } {
  let found = root;
  for (const key of keysOf(pointer)) {
    const next = found.entries.get(key);
    if (!next) return { found, isWhole: false };
    found = next;
  }
  return { found, isWhole: true };
}
