import type { z } from 'zod';

const KINDS: { readonly [expected: string]: string } = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

/** A sentence about a value that doesn't fit; messages of our own schema go on after the field's name. */
export function phrase(issue: z.core.$ZodIssue, value: unknown, field: string): string {
  const what = field === '' ? 'The definition' : /^\d+$/.test(field) ? 'This' : `'${field}'`;
  return `${what} ${predicate(issue, value)}.`;
}

function predicate(issue: z.core.$ZodIssue, value: unknown): string {
  if (issue.message.startsWith('must ')) return issue.message;
  if (issue.code === 'invalid_type')
    return `must be ${KINDS[issue.expected] ?? issue.expected}, it is ${kindOf(value)}`;
  if (issue.code === 'invalid_value') return `must be ${issue.values.map(String).join(' or ')}`;
  if (issue.code === 'invalid_key') return issue.issues[0]?.message ?? 'is no name';
  if (issue.code === 'too_small' && issue.minimum === 1 && issue.origin !== 'number') return 'must not be empty';
  if (issue.code === 'too_small') return `must ${bound(issue.origin, 'at least', issue.minimum)}`;
  if (issue.code === 'too_big') return `must ${bound(issue.origin, 'at most', issue.maximum)}`;
  return 'is not what belongs here';
}

function bound(origin: string, what: string, limit: number | bigint): string {
  if (origin === 'string') return `have ${what} ${limit} characters`;
  return origin === 'array' ? `have ${what} ${limit} entries` : `be ${what} ${limit}`;
}

function kindOf(value: unknown): string {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return typeof value === 'object' ? 'an object' : 'a text';
}
