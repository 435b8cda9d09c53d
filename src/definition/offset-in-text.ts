/** Lengths of the escapes of double quoted texts that are longer than two characters. */
const ESCAPES: { readonly [letter: string]: number } = { x: 4, u: 6, U: 10 };

/**
 * Where in the source the `index`-th character of a text stands that was written from `start` on: plain, quoted or as
 * a literal block. Where that can't be told (a folded text), where the text starts.
 */
export function offsetInText(source: string, start: number, index: number): number {
  const first = source.charAt(start);
  if (first === '"') return inQuotes(source, start, index, (at) => escapeLength(source, at));
  if (first === "'") return inQuotes(source, start, index, (at) => (source.startsWith("''", at) ? 2 : 1));
  if (first === '|') return inBlock(source, start, index);
  if (first === '>') return start;
  return source.slice(start, start + index).includes('\n') ? start : start + index;
}

function inQuotes(source: string, start: number, index: number, lengthAt: (at: number) => number): number {
  let at = start + 1;
  for (let i = 0; i < index; i++) {
    if (source[at] === '\n') return start;
    at += lengthAt(at);
  }
  return at;
}

function escapeLength(source: string, at: number): number {
  return source[at] === '\\' ? (ESCAPES[source.charAt(at + 1)] ?? 2) : 1;
}

function inBlock(source: string, start: number, index: number): number {
  let lineStart = source.indexOf('\n', start) + 1;
  const indent = /^[ \t\r\n]*?( *)(?=[^ \r\n])/.exec(source.slice(lineStart, lineStart + 1_000))?.[1]?.length ?? 0;
  let left = index;
  for (;;) {
    const lineEnd = source.indexOf('\n', lineStart);
    const length = Math.max((lineEnd < 0 ? source.length : lineEnd) - lineStart - indent, 0);
    if (left <= length || lineEnd < 0) return lineStart + indent + left;
    left -= length + 1;
    lineStart = lineEnd + 1;
  }
}
