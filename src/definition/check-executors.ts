import type { Json } from '../contract.ts';
import type { CatalogEntry } from './catalog-entry.ts';
import { mismatchesOf } from './mismatches.ts';
import type { Mismatch } from './mismatches.ts';
import { didYouMean } from './nearest.ts';
import type { List, Node } from './outline.ts';
import { isObject, isText, walk } from './outline.ts';
import { inside, keysOf } from './pointer.ts';
import type { Problems } from './problems.ts';
import { holdsExpression } from './template-text.ts';
import { validatorOf } from './validator.ts';

/** Executors are there, and what is fixed in their input fits; those on another task queue are somebody else's. */
export function checkExecutors(top: List, catalog: readonly CatalogEntry[], problems: Problems): void {
  const byName = new Map(catalog.map((entry) => [entry.name, entry]));
  for (const node of walk(top)) {
    if (node.type !== 'executor') continue;
    const { executor, taskQueue, with: input = {} } = node.fields;
    const pointer = inside(node.pointer, 'with');
    refuseSecrets(input, pointer, problems);
    if (!isText(executor) || taskQueue !== undefined) continue;
    const entry = byName.get(executor);
    if (entry) checkInputOf(node, entry, input, problems);
    else {
      const at = inside(node.pointer, 'executor');
      const near = didYouMean(executor, byName.keys());
      const hint = near.hint ?? `There are ${[...byName.keys()].join(', ')}.`.slice(0, 500);
      problems.add({ code: 'EXECUTOR_UNKNOWN', pointer: at, message: `There is no executor '${executor}'.`, hint });
    }
  }
}

function checkInputOf(node: Node, { name, inputSchema }: CatalogEntry, input: Json, problems: Problems): void {
  const checked = validatorOf(inputSchema);
  if (!('validator' in checked)) return;
  for (const mismatch of mismatchesOf(checked.validator(input))) {
    if (!isCertain(mismatch, input)) continue;
    const { kind, pointer, message, hint } = mismatch;
    problems.add({
      code: 'EXECUTOR_INPUT_INVALID',
      pointer: `${inside(node.pointer, 'with')}${pointer}`,
      ...(kind === 'FIELD_UNKNOWN' ? { part: 'key' as const } : {}),
      message: `The input of '${name}' does not fit: ${message}`,
      ...(hint === undefined ? {} : { hint }),
    });
  }
}

/** What an expression gives is known only when it runs; which fields an object has, is known. */
function isCertain({ kind, owner }: Mismatch, input: Json): boolean {
  const value = keysOf(owner).reduce<Json>((at, key) => (at as { readonly [key: string]: Json })[key] ?? null, input);
  return kind === 'FIELD_INVALID' ? !holdsExpression(value) : isObject(value);
}

function refuseSecrets(value: Json, pointer: string, problems: Problems): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, each] of Object.entries(value)) {
    const at = inside(pointer, key);
    if (key !== '$secret') refuseSecrets(each, at, problems);
    else
      problems.add({
        code: 'NOT_SUPPORTED_YET',
        pointer: at,
        part: 'key',
        message: "'$secret' is part of the language, but not supported yet.",
      });
  }
}
