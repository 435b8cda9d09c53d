import type { Actor } from '../src/contract.ts';
import { TaskError } from './outcome.ts';

/**
 * Refuses what the API didn't send: an update may come from outside, with anything in it.
 * @throws TaskError FORBIDDEN
 */
export function checkRequest(request: unknown): void {
  const { actor } = fieldsOf(request) as { readonly actor?: unknown };
  const { id, names, groups } = fieldsOf(actor) as { readonly [field in keyof Actor]?: unknown };
  if (typeof id === 'string' && isTexts(names) && isTexts(groups)) return;
  throw new TaskError('FORBIDDEN', 'It does not say who asks: orders and decisions go through the API.');
}

function fieldsOf(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {};
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
