import type { Json } from '../contract.ts';
import { expressionsIn } from '../expression/template.ts';

/** Whether a text holds an expression. */
export function hasExpression(value: unknown): boolean {
  return typeof value === 'string' && value.includes('{%');
}

/** Whether any text in a value holds an expression. */
export function holdsExpression(value: Json): boolean {
  return typeof value === 'object' && value !== null
    ? Object.values(value).some(holdsExpression)
    : hasExpression(value);
}

/** What stands between the marks of a text that is one expression and nothing else. */
export function wholeExpression(text: string): string | undefined {
  const [first, ...others] = expressionsIn(text);
  if (!first || others.length > 0 || text.trim() !== `{%${first.expression}%}`) return undefined;
  return first.expression;
}
