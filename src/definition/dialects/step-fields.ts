import type { Json } from '../../contract.ts';
import type { CatalogEntry } from '../catalog-entry.ts';
import { isObject } from '../outline.ts';
import { inside } from '../pointer.ts';
import { reminders, stageShape } from '../schema/approval.ts';
import { retry } from '../schema/fields.ts';
import { callShape } from '../schema/task-base.ts';
import { taskTypes } from '../schema/tasks.ts';

/** A field of a task as a step says it. */
export type Field = {
  /** In the task: its name, or `with` and the name of an input. */
  readonly path: readonly [string] | readonly ['with', string];
  readonly value: Json;
  readonly origin: string;
  /** Names in it that are written in another way, as the task has them. */
  readonly parts: readonly { readonly name: string; readonly origin: string }[];
};

export type StepKind = {
  readonly type: string;
  /** Of a step that is named by its executor: its config is the executor's input. */
  readonly executor?: string;
};

/** What says who a step is and in which order; everything else is a field of its task. */
const DESCRIBING: ReadonlySet<string> = new Set(['step_name', 'step_type', 'step_index', 'config']);
/** What in a config is the task's and not its executor's, unless the executor takes an input of that name. */
const CONTROL: ReadonlySet<string> = new Set(['id', 'if', 'retry', 'timeout', 'onError']);
/** Fields with names of their own inside, which may be written in the same two ways. */
const INNER: ReadonlyMap<string, object> = new Map<string, object>([
  ['retry', retry.shape],
  ['escalateTo', stageShape],
  ['compensate', callShape],
  ['reminders', reminders.shape],
]);

/** What a step says beside its config, then what its config says. */
export function fieldsOf(
  step: { readonly [field: string]: Json },
  pointer: string,
  { type, executor }: StepKind,
  entry: CatalogEntry | undefined,
): readonly Field[] {
  const config = isObject(step['config']) ? step['config'] : {};
  const inputs = inputsOf(entry);
  const beside = Object.entries(step)
    .filter(([field]) => !DESCRIBING.has(field))
    .map(([field, value]) => fieldOf(field, value, inside(pointer, field), type));
  const inConfig = Object.entries(config).map(([field, value]): Field => {
    const origin = inside(pointer, 'config', field);
    const isInput = executor !== undefined && (inputs.has(field) || !CONTROL.has(camel(field)));
    return isInput ? { path: ['with', field], value, origin, parts: [] } : fieldOf(field, value, origin, type);
  });
  return [...beside, ...inConfig].filter(({ path, value }) => !(path[0] === 'onError' && value === 'fail'));
}

function fieldOf(written: string, value: Json, origin: string, type: string): Field {
  const name = nameOf(written, type);
  const shape = INNER.get(name);
  if (name === 'retry' && typeof value === 'number') {
    return { path: [name], value: { maxAttempts: value }, origin, parts: [{ name: 'maxAttempts', origin }] };
  }
  if (!shape || !isObject(value)) return { path: [name], value, origin, parts: [] };
  const entries = Object.entries(value).map(([key, each]) => ({ key, each, name: known(key, shape) }));
  return {
    path: [name],
    value: Object.fromEntries(entries.map((entry) => [entry.name, entry.each])),
    origin,
    parts: entries.map((entry) => ({ name: entry.name, origin: inside(origin, entry.key) })),
  };
}

/** `on_error` is `onError`; a timeout is what limits a task of that type. */
function nameOf(written: string, type: string): string {
  const shape = Object.entries(taskTypes).find(([name]) => name === type)?.[1].shape ?? {};
  if (written === 'timeout' && !('timeout' in shape)) return type === 'approval' ? 'deadline' : 'totalTimeout';
  return known(written, shape);
}

function known(written: string, shape: object): string {
  const name = camel(written);
  return Object.hasOwn(shape, written) || !Object.hasOwn(shape, name) ? written : name;
}

function camel(written: string): string {
  return written.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function inputsOf(entry: CatalogEntry | undefined): ReadonlySet<string> {
  const properties = isObject(entry?.inputSchema) ? entry.inputSchema['properties'] : undefined;
  return new Set(Object.keys(isObject(properties) ? properties : {}));
}
