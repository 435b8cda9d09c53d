import type { Entry } from './tree-builder.ts';
import { createTreeBuilder } from './tree-builder.ts';
import type { TreeBuilder } from './tree-builder.ts';
import type { Located } from './located.ts';
import { SourceError } from './source-error.ts';

const SPACE = /[ \t\n\r]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORDS = { true: true, false: false, null: null } as const;

type Reader = { readonly source: string; at: number; readonly tree: TreeBuilder };

/**
 * Reads JSON and keeps where everything stands.
 * @throws SourceError for what is no JSON, too deep or too large
 */
export function parseJson(source: string): { readonly root: Located; readonly tree: TreeBuilder } {
  const reader: Reader = { source, at: 0, tree: createTreeBuilder('JSON_INVALID') };
  const root = readValue(reader);
  skipSpace(reader);
  if (reader.at < source.length) throw unexpected(reader, 'the end');
  return { root, tree: reader.tree };
}

function readValue(reader: Reader): Located {
  skipSpace(reader);
  const { source, at, tree } = reader;
  const char = source.charAt(at);
  if (char === '{') return readObject(reader);
  if (char === '[') return readList(reader);
  if (char === '"') return tree.scalar(at, readText(reader));
  for (const [word, value] of Object.entries(WORDS)) {
    if (source.startsWith(word, at)) {
      reader.at += word.length;
      return tree.scalar(at, value);
    }
  }
  NUMBER.lastIndex = at;
  const number = NUMBER.exec(source)?.[0];
  if (number === undefined) throw unexpected(reader, 'a value');
  reader.at += number.length;
  return tree.scalar(at, Number(number));
}

function readList(reader: Reader): Located {
  const start = reader.at;
  const entries: Located[] = [];
  readEntries(reader, ']', () => entries.push(readValue(reader)));
  return reader.tree.list(start, entries);
}

function readObject(reader: Reader): Located {
  const start = reader.at;
  const entries: Entry[] = [];
  readEntries(reader, '}', () => {
    const keyStart = reader.at;
    if (reader.source.charAt(keyStart) !== '"') throw unexpected(reader, 'a key in double quotes');
    const key = readText(reader);
    skipSpace(reader);
    if (reader.source.charAt(reader.at) !== ':') throw unexpected(reader, "':'");
    reader.at += 1;
    entries.push({ key, keyStart, entry: readValue(reader) });
  });
  return reader.tree.object(start, entries);
}

function readEntries(reader: Reader, close: ']' | '}', readEntry: () => void): void {
  reader.tree.enter(reader.at);
  reader.at += 1;
  skipSpace(reader);
  if (reader.source.charAt(reader.at) === close) {
    reader.at += 1;
    return;
  }
  for (;;) {
    skipSpace(reader);
    readEntry();
    skipSpace(reader);
    const char = reader.source.charAt(reader.at);
    if (char !== ',' && char !== close) throw unexpected(reader, `',' or '${close}'`);
    reader.at += 1;
    if (char === close) return;
  }
}

function readText(reader: Reader): string {
  const { source, at } = reader;
  let end = at + 1;
  while (end < source.length && source[end] !== '"') end += source[end] === '\\' ? 2 : 1;
  try {
    const text = JSON.parse(source.slice(at, end + 1)) as string;
    reader.at = end + 1;
    return text;
  } catch {
    throw new SourceError('JSON_INVALID', 'A text is not closed, or holds what JSON wants escaped.', at);
  }
}

function skipSpace(reader: Reader): void {
  SPACE.lastIndex = reader.at;
  reader.at += SPACE.exec(reader.source)?.[0].length ?? 0;
}

function unexpected({ source, at }: Reader, expected: string): SourceError {
  const found = at >= source.length ? 'the end' : `'${String.fromCodePoint(source.codePointAt(at) ?? 0)}'`;
  return new SourceError('JSON_INVALID', `Expected ${expected}, found ${found}.`, at);
}
