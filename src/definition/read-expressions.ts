import type { Json } from '../contract.ts';
import { inspectExpression } from '../expression/inspect.ts';
import type { Inspection } from '../expression/inspect.ts';
import { expressionsIn } from '../expression/template.ts';
import type { Node } from './outline.ts';
import { isListField, isText } from './outline.ts';
import { inside } from './pointer.ts';

/** An expression as it stands in a definition. */
export type Place = {
  /** The task it is in; undefined for the definition's own. */
  readonly node: Node | undefined;
  readonly field: string;
  readonly pointer: string;
  readonly expression: string;
  /** Characters from the start of the text it is in. */
  readonly offset: number;
};

/** Fields that name things and hold no expressions. */
const NAMING: ReadonlySet<string> = new Set(['id', 'type', 'dependencies', 'executor', 'taskQueue', 'as']);

/** The expressions of a task's own fields, without those of the tasks in it. */
export function expressionsOf(node: Node): readonly Place[] {
  return Object.entries(node.fields)
    .filter(([field]) => !NAMING.has(field) && !isListField(node, field))
    .flatMap(([field, value]) => placesIn(value, { node, field, pointer: inside(node.pointer, field) }));
}

/** The expressions of one of the definition's own fields. */
export function expressionsAt(value: Json | undefined, field: string): readonly Place[] {
  return value === undefined ? [] : placesIn(value, { node: undefined, field, pointer: inside('', field) });
}

/** Inspects each text once. */
export function createInspector(): (place: Place) => Inspection {
  const known = new Map<string, Inspection>();
  return ({ node, expression }) => {
    const names = itemNames(node);
    const key = JSON.stringify([expression, names]);
    const found = known.get(key) ?? inspectExpression(expression, names);
    known.set(key, found);
    return found;
  };
}

/** What `as` names in the foreach tasks around a task. */
export function itemNames(node: Node | undefined): readonly string[] {
  const owner = node?.list.owner;
  if (!owner) return [];
  const name = owner.type === 'foreach' ? owner.fields['as'] : undefined;
  return isText(name) ? [...itemNames(owner), name] : itemNames(owner);
}

function placesIn(value: Json, place: Pick<Place, 'node' | 'field' | 'pointer'>): readonly Place[] {
  return expressionsIn(value).map(({ pointer, expression, offset }) => ({
    ...place,
    pointer: `${place.pointer}${pointer}`,
    expression,
    offset,
  }));
}
