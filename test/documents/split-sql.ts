/** The statements of a text, without comments and with single blanks outside of strings. */
export function splitStatements(text: string): readonly string[] {
  return splitOutside(stripComments(text), ';').map((statement) => squeeze(statement));
}

/** The parts of `a, f(b, c), 'd,e'` at the commas outside of parentheses and strings. */
export function splitList(text: string): readonly string[] {
  return splitOutside(text, ',');
}

/** What stands in the first pair of parentheses, and what comes after it. */
export function parenthesized(text: string): { readonly inside: string; readonly after: string } {
  const start = text.indexOf('(');
  for (const { at, depth, character } of outside(text))
    if (at > start && depth === 0 && character === ')')
      return { inside: text.slice(start + 1, at), after: text.slice(at + 1) };
  throw new Error(`no parentheses in: ${text}`);
}

function stripComments(text: string): string {
  return text.replaceAll(/'(?:[^']|'')*'|--[^\n]*/g, (part) => (part.startsWith('--') ? '' : part));
}

function squeeze(text: string): string {
  return text.replaceAll(/'(?:[^']|'')*'|\s+/g, (part) => (part.startsWith("'") ? part : ' ')).trim();
}

function splitOutside(text: string, separator: string): readonly string[] {
  const parts: string[] = [];
  let start = 0;
  for (const { at, depth, character } of outside(text))
    if (depth === 0 && character === separator) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  return [...parts, text.slice(start)].map((part) => part.trim()).filter((part) => part !== '');
}

/** Every character outside of strings and of bodies between `$$`; `depth` counts open parentheses after it. */
export function* outside(text: string): Generator<{ at: number; depth: number; character: string }> {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at]!;
    const quote = character === "'" ? "'" : text.startsWith('$$', at) ? '$$' : undefined;
    if (quote !== undefined) {
      const end = text.indexOf(quote, at + quote.length);
      if (end < 0) throw new Error(`a ${quote} without its end: ${text.slice(at, at + 60)}`);
      at = end + quote.length - 1;
      continue;
    }
    if (character === '(') depth += 1;
    if (character === ')') depth -= 1;
    yield { at, depth, character };
  }
}
