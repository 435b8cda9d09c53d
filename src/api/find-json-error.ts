import type { Issue } from '../problem.ts';

const SPACE = /[ \t\n\r]*/y;
const SCALAR =
  /"(?:[^"\\\p{Cc}]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})|\u007f|[\u0080-\u009f])*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/uy;

type Expected = 'value' | 'value or ]' | 'key' | 'key or }' | ':' | ', or ]' | ', or }' | 'end';

/** Where a text stops being JSON, with line and column from 1: what `JSON.parse` says of it differs from Node to Node. */
export function findJsonError(text: string): Issue {
  const { offset, expected } = scan(text);
  const before = text.slice(0, offset).split('\n');
  const found = offset >= text.length ? 'the end' : JSON.stringify(String.fromCodePoint(text.codePointAt(offset) ?? 0));
  return {
    pointer: '',
    line: before.length,
    column: (before.at(-1)?.length ?? 0) + 1,
    code: 'JSON_INVALID',
    message: `Expected ${expected === 'end' ? 'the end' : expected}, found ${found} at position ${offset}.`,
  };
}

function scan(text: string): { readonly offset: number; readonly expected: Expected } {
  const open: ('[' | '{')[] = [];
  let expected: Expected = 'value';
  let offset = 0;
  const afterValue = (): Expected => (open.length === 0 ? 'end' : open.at(-1) === '[' ? ', or ]' : ', or }');
  for (;;) {
    offset += match(SPACE, text, offset)?.length ?? 0;
    const char = text[offset];
    if (char === undefined) return { offset, expected };
    const wantsValue: boolean = expected === 'value' || expected === 'value or ]';
    const wantsKey: boolean = expected === 'key' || expected === 'key or }';
    if ((expected === 'value or ]' || expected === ', or ]') && char === ']') {
      open.pop();
      expected = afterValue();
      offset += 1;
    } else if ((expected === 'key or }' || expected === ', or }') && char === '}') {
      open.pop();
      expected = afterValue();
      offset += 1;
    } else if (wantsValue && (char === '[' || char === '{')) {
      open.push(char);
      expected = char === '[' ? 'value or ]' : 'key or }';
      offset += 1;
    } else if (wantsValue || (wantsKey && char === '"')) {
      const scalar = match(SCALAR, text, offset);
      if (scalar === undefined) return { offset, expected };
      expected = wantsKey ? ':' : afterValue();
      offset += scalar.length;
    } else if (char === ':' && expected === ':') {
      expected = 'value';
      offset += 1;
    } else if (char === ',' && (expected === ', or ]' || expected === ', or }')) {
      expected = expected === ', or ]' ? 'value' : 'key';
      offset += 1;
    } else {
      return { offset, expected };
    }
  }
}

function match(pattern: RegExp, text: string, offset: number): string | undefined {
  pattern.lastIndex = offset;
  return pattern.exec(text)?.[0];
}
