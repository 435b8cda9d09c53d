import type { Json } from '../contract.ts';
import type { Template } from '../plan/plan.ts';

const OPEN = '{%';
const CLOSE = '%}';

/** A string, cut into text and expressions. */
type Piece = { readonly kind: 'text' | 'expression'; readonly text: string; readonly offset: number };

/**
 * Fills in a template: a string that is one expression (white space around it doesn't count) becomes its typed value,
 * expressions inside text become text (null is empty, what is no string is JSON). Keys are taken as they are.
 */
export function resolveTemplate(template: Template, evaluate: (expression: string) => Json): Json {
  if (typeof template === 'string') return resolveText(template, evaluate);
  if (typeof template !== 'object' || template === null) return template;
  if (isList(template)) return template.map((entry) => resolveTemplate(entry, evaluate));
  return Object.fromEntries(Object.entries(template).map(([key, entry]) => [key, resolveTemplate(entry, evaluate)]));
}

/** Every expression of a template: where it stands (JSON Pointer), its text, and where that begins in the string. */
export function expressionsIn(
  template: Template,
): readonly { readonly pointer: string; readonly expression: string; readonly offset: number }[] {
  if (typeof template === 'string') {
    return cut(template)
      .filter(({ kind }) => kind === 'expression')
      .map(({ text, offset }) => ({ pointer: '', expression: text, offset }));
  }
  if (typeof template !== 'object' || template === null) return [];
  return Object.entries(template).flatMap(([key, entry]) =>
    expressionsIn(entry).map((found) => ({ ...found, pointer: `/${escapePointer(key)}${found.pointer}` })),
  );
}

function resolveText(text: string, evaluate: (expression: string) => Json): Json {
  if (!text.includes(OPEN)) return text;
  const pieces = cut(text);
  const [only, ...others] = pieces.filter(({ kind, text }) => kind === 'expression' || text.trim() !== '');
  if (only?.kind === 'expression' && others.length === 0) return evaluate(only.text);
  return pieces.map((piece) => (piece.kind === 'text' ? piece.text : asText(evaluate(piece.text)))).join('');
}

function asText(value: Json): string {
  if (value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** An expression ends at the first `%}`. One that is not closed is kept with its mark, which never parses. */
function cut(text: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (let open = text.indexOf(OPEN); open >= 0; open = text.indexOf(OPEN, from)) {
    if (open > from) pieces.push({ kind: 'text', text: text.slice(from, open), offset: from });
    const close = text.indexOf(CLOSE, open + OPEN.length);
    if (close < 0) return [...pieces, { kind: 'expression', text: text.slice(open), offset: open }];
    const offset = open + OPEN.length;
    pieces.push({ kind: 'expression', text: text.slice(offset, close), offset });
    from = close + CLOSE.length;
  }
  if (from < text.length) pieces.push({ kind: 'text', text: text.slice(from), offset: from });
  return pieces;
}

function isList(template: Template): template is readonly Template[] {
  return Array.isArray(template);
}

function escapePointer(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}
