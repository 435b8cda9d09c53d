import type { Issue } from '../problem.ts';
import { Problem } from '../problem.ts';
import { findJsonError } from './find-json-error.ts';

const MAX_DEPTH = 64;
/** Of one object. */
const MAX_KEYS = 10_000;

/**
 * Parses a JSON body and refuses what can't be handled or stored: nesting over 64, over 10,000 keys in an object,
 * characters PostgreSQL's jsonb doesn't hold.
 * @throws Problem MALFORMED with the place
 */
export function parseJsonBody(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Problem('MALFORMED', 'The body is not JSON.', { errors: [findJsonError(text)] });
  }
  const issue = firstUnfit(value);
  if (issue) throw new Problem('MALFORMED', issue.message, { errors: [issue] });
  return value;
}

/** The first value that can't be handled, with its pointer; undefined when all can. */
export function firstUnfit(root: unknown): Issue | undefined {
  const open: { readonly value: unknown; readonly pointer: string; readonly depth: number }[] = [
    { value: root, pointer: '', depth: 1 },
  ];
  for (let at = open.pop(); at; at = open.pop()) {
    const { value, pointer, depth } = at;
    if (typeof value === 'string' && !isStorable(value))
      return issue(pointer, 'CHARACTER_INVALID', 'A text holds \\u0000 or half a surrogate pair.');
    if (typeof value !== 'object' || value === null) continue;
    if (depth > MAX_DEPTH) return issue(pointer, 'TOO_DEEP', `The body is nested deeper than ${MAX_DEPTH} levels.`);
    const entries = Object.entries(value);
    if (!Array.isArray(value)) {
      if (entries.length > MAX_KEYS) return issue(pointer, 'TOO_MANY_KEYS', `An object has over ${MAX_KEYS} keys.`);
      const bad = entries.find(([key]) => !isStorable(key));
      if (bad) return issue(pointer, 'CHARACTER_INVALID', 'A key holds \\u0000 or half a surrogate pair.');
    }
    for (const [key, child] of entries) {
      open.push({
        value: child,
        pointer: `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`,
        depth: depth + 1,
      });
    }
  }
  return undefined;
}

/** Whether PostgreSQL can hold the text: no NUL, no half of a surrogate pair. */
export function isStorable(text: string): boolean {
  return !/\u0000|\p{Surrogate}/u.test(text);
}

function issue(pointer: string, code: string, message: string): Issue {
  return { pointer, code, message };
}
