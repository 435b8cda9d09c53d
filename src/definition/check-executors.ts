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
    for (const call of callsOf(node)) checkCall(call, byName, problems);
  }
}

/** Something that calls an executor: a task, or what is called beside it. */
type Call = Pick<Node, 'fields' | 'pointer'>;

function callsOf(node: Node): readonly Call[] {
  const beside = ['compensate', ...(node.type === 'approval' ? ['reminders'] : [])].flatMap((field) => {
    const fields = node.fields[field];
    return isObject(fields) ? [{ fields, pointer: inside(node.pointer, field) }] : [];
  });
  return [...(node.type === 'executor' ? [node] : []), ...beside];
}

function checkCall(call: Call, byName: ReadonlyMap<string, CatalogEntry>, problems: Problems): void {
  const { executor, taskQueue, with: input = {} } = call.fields;
  refuseSecrets(input, inside(call.pointer, 'with'), problems);
  if (!isText(executor) || taskQueue !== undefined) return;
  const entry = byName.get(executor);
  if (entry) {
    checkInputOf(call, entry, input, problems);
    return;
  }
  const at = inside(call.pointer, 'executor');
  const near = didYouMean(executor, byName.keys());
  const hint = near.hint ?? `There are ${[...byName.keys()].join(', ')}.`.slice(0, 500);
  problems.add({ code: 'EXECUTOR_UNKNOWN', pointer: at, message: `There is no executor '${executor}'.`, hint });
}

function checkInputOf(call: Call, { name, inputSchema }: CatalogEntry, input: Json, problems: Problems): void {
  const checked = validatorOf(inputSchema);
  if (!('validator' in checked)) return;
  for (const mismatch of mismatchesOf(checked.validator(input))) {
    if (!isCertain(mismatch, input)) continue;
    const { kind, pointer, message, hint } = mismatch;
    problems.add({
      code: 'EXECUTOR_INPUT_INVALID',
      pointer: `${inside(call.pointer, 'with')}${pointer}`,
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
