import type { Json } from '../../src/contract.ts';

export type Roots = { readonly [root: string]: Json };
type Value = Json | undefined;

/** An expression that can't be evaluated. */
export class Unevaluable extends Error {}

/** The value of `{% a %}` or `{% a op b %}`: all that the generator writes, after JSONata's own rules. */
export function evaluate(expression: string, roots: Roots): Json {
  const words = /^\{% (.*) %\}$/.exec(expression)?.[1]?.split(' ') ?? [];
  const left = operand(words[0] ?? '', roots);
  return (words.length === 1 ? left : apply(words[1] ?? '', left, operand(words[2] ?? '', roots))) ?? null;
}

/** A template with its expressions replaced. */
export function resolve(template: Json, roots: Roots): Json {
  if (typeof template === 'string') {
    if (/^\{% [^%]* %\}$/.test(template)) return evaluate(template, roots);
    return template.replaceAll(/\{% [^%]* %\}/g, (expression) => textOf(evaluate(expression, roots)));
  }
  if (template === null || typeof template !== 'object') return template;
  if (Array.isArray(template)) return template.map((entry: Json) => resolve(entry, roots));
  return Object.fromEntries(Object.entries(template).map(([key, entry]) => [key, resolve(entry, roots)]));
}

export function isTrue(value: Json): boolean {
  if (Array.isArray(value)) return value.some(isTrue);
  return typeof value === 'object' && value !== null ? Object.keys(value).length > 0 : Boolean(value);
}

function textOf(value: Json): string {
  if (value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function operand(word: string, roots: Roots): Value {
  if (!word.startsWith('$')) return JSON.parse(word.replaceAll("'", '"')) as Json;
  const [root = '', ...steps] = word.slice(1).split('.');
  return steps.reduce<Value>(
    (value, step) =>
      typeof value === 'object' && value !== null ? (value as { readonly [key: string]: Json })[step] : undefined,
    roots[root],
  );
}

function apply(operator: string, left: Value, right: Value): Value {
  if (operator === '=') return left !== undefined && right !== undefined && same(left, right);
  if (operator === 'and') return isTrue(left ?? null) && isTrue(right ?? null);
  const types = [left, right].filter((value) => value !== undefined).map((value) => typeof value);
  const allowed = operator === '+' ? ['number'] : ['number', 'string'];
  if (!types.every((type) => allowed.includes(type))) throw new Unevaluable(`${operator} of ${types.join()}`);
  if (left === undefined || right === undefined) return undefined;
  if (types[0] !== types[1]) throw new Unevaluable(`${operator} of ${types.join()}`);
  if (operator === '+') return (left as number) + (right as number);
  return operator === '<' ? (left as number) < (right as number) : (left as number) > (right as number);
}

function same(left: Json, right: Json): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}
