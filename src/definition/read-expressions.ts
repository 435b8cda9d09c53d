import type { Json } from '../contract.ts';
import { inspectExpression } from '../expression/inspect.ts';
import type { Inspection } from '../expression/inspect.ts';
import { expressionsIn } from '../expression/template.ts';
import type { Clause, Node } from './outline.ts';
import { isObject, ownFieldsOf } from './outline.ts';
import { inside } from './pointer.ts';
import { namesAt } from './roots.ts';

/** An expression as it stands in a definition. */
export type Place = {
  /** The task it is in; undefined for the definition's own. */
  readonly node: Node | undefined;
  /** Of the task, or of the clause. */
  readonly field: string;
  /** The case or the clause of the task that it is in. */
  readonly clause?: Clause;
  readonly pointer: string;
  readonly expression: string;
  /** Characters from the start of the text it is in. */
  readonly offset: number;
};

/** Fields that name things and hold no expressions. */
const NAMING: ReadonlySet<string> = new Set([
  ...['id', 'type', 'dependencies', 'next', 'executor', 'taskQueue', 'as', 'name', 'workflow', 'version', 'errors'],
]);
/** What of a call beside the task's own work may hold some. */
const CALLS: ReadonlyMap<string, readonly string[]> = new Map([
  ['compensate', ['with']],
  ['reminders', ['every', 'with']],
]);

/** The expressions of a task's own fields, without those of the tasks in it. */
export function expressionsOf(node: Node): readonly Place[] {
  return ownFieldsOf(node)
    .filter(({ field }) => !NAMING.has(field))
    .flatMap(({ field, value, pointer, clause }) => {
      const parts = CALLS.get(field);
      const place = { node, field, ...(clause ? { clause } : {}) };
      if (!parts) return placesIn(value, { ...place, pointer });
      return parts.flatMap((part) => {
        const held = isObject(value) ? value[part] : undefined;
        const name = part === 'with' ? field : `${field}.${part}`;
        return held === undefined ? [] : placesIn(held, { ...place, field: name, pointer: inside(pointer, part) });
      });
    });
}

/** The expressions of one of the definition's own fields. */
export function expressionsAt(value: Json | undefined, field: string): readonly Place[] {
  return value === undefined ? [] : placesIn(value, { node: undefined, field, pointer: inside('', field) });
}

/** Inspects each text once. */
export function createInspector(): (place: Place) => Inspection {
  const known = new Map<string, Inspection>();
  return (place) => {
    const { expression } = place;
    const names = namesAt(place);
    const key = JSON.stringify([expression, names]);
    const found = known.get(key) ?? inspectExpression(expression, names);
    known.set(key, found);
    return found;
  };
}

function placesIn(value: Json, place: Pick<Place, 'node' | 'field' | 'clause' | 'pointer'>): readonly Place[] {
  return expressionsIn(value).map(({ pointer, expression, offset }) => ({
    ...place,
    pointer: `${place.pointer}${pointer}`,
    expression,
    offset,
  }));
}
