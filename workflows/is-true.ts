import type { Json } from '../src/contract.ts';

/** JSONata's own idea of true, so that `if` agrees with `? :` inside an expression. */
export function isTrue(value: Json): boolean {
  if (Array.isArray(value)) return value.some((item: Json) => isTrue(item));
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0;
  return Boolean(value);
}
