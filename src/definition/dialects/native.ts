import type { z } from 'zod';
import type { Json } from '../../contract.ts';
import { didYouMean } from '../nearest.ts';
import { inside, keysOf } from '../pointer.ts';
import type { DefinitionProblem, Found, Problems } from '../problems.ts';
import { definition } from '../schema.ts';
import type { Definition } from '../schema.ts';
import { reminders, stageShape } from '../schema/approval.ts';
import { retry } from '../schema/fields.ts';
import { callShape } from '../schema/task-base.ts';
import { catchClause, switchCase, taskTypes, tolerate } from '../schema/tasks.ts';
import type { Dialect } from './dialect.ts';
import { phrase } from './phrase.ts';

/** The language itself, which is what is taken where no other shape is seen. */
export const native: Dialect = {
  fits: () => true,
  translate: (body) => ({ body, originOf: (pointer) => pointer }),
};

type Issue = z.core.$ZodIssue;
type Fields = { readonly [field: string]: unknown };

/** Fields whose own code says more than FIELD_INVALID. */
const CODES: ReadonlyMap<string, DefinitionProblem> = new Map([
  ['id', 'TASK_ID_INVALID'],
  ['timeout', 'DURATION_INVALID'],
  ['totalTimeout', 'DURATION_INVALID'],
  ['heartbeatTimeout', 'DURATION_INVALID'],
  ['initialInterval', 'DURATION_INVALID'],
  ['maximumInterval', 'DURATION_INVALID'],
  ['deadline', 'DURATION_INVALID'],
  ['for', 'DURATION_INVALID'],
  ['every', 'DURATION_INVALID'],
]);
/** The same for fields of the definition itself. */
const TOP_CODES: ReadonlyMap<string, DefinitionProblem> = new Map([
  ['name', 'NAME_INVALID'],
  ['version', 'VERSION_INVALID'],
  ['input', 'INPUT_SCHEMA_INVALID'],
]);

/** The types of task that have a field. */
const TYPES_WITH = new Map<string, string[]>();
for (const [type, { shape }] of Object.entries(taskTypes)) {
  for (const field of Object.keys(shape)) TYPES_WITH.set(field, [...(TYPES_WITH.get(field) ?? []), type]);
}

/** Reads a body in the native dialect and reports what doesn't fit its schema; undefined where something doesn't. */
export function readNative(body: Json, problems: Problems): Definition | undefined {
  const result = definition.safeParse(body);
  if (result.success) return result.data;
  for (const issue of result.error.issues) {
    for (const found of describe(issue, body)) problems.add(found);
    if (problems.isFull()) break;
  }
  return undefined;
}

function describe(issue: Issue, body: Json): readonly Found[] {
  const path = issue.path.filter((key) => typeof key !== 'symbol');
  const pointer = inside('', ...path);
  const field = String(path.at(-1) ?? '');
  const value = valueAt(body, path);
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownField(key, value, pointer));
  if (issue.code === 'invalid_union' && issue.discriminator === 'type') return [unknownType(value, pointer)];
  if (issue.code === 'invalid_key')
    return [{ code: 'FIELD_INVALID', pointer, part: 'key', message: phrase(issue, value, field) }];
  if (value === undefined) return [{ code: 'FIELD_MISSING', pointer, message: `'${field}' is missing.` }];
  const code = (path.length === 1 ? TOP_CODES.get(field) : undefined) ?? CODES.get(field) ?? 'FIELD_INVALID';
  const known =
    issue.code === 'invalid_value' && typeof value === 'string' ? didYouMean(value, issue.values.map(String)) : {};
  return [{ code, pointer, message: phrase(issue, value, field), ...bareExpression(issue, value), ...known }];
}

function unknownField(field: string, owner: unknown, pointer: string): Found {
  const at = { pointer: inside(pointer, field), part: 'key' } as const;
  const fields = (owner ?? {}) as Fields;
  const isTask = isTaskAt(pointer);
  const type = isTask ? fields['type'] : undefined;
  const types = isTask ? (TYPES_WITH.get(field) ?? []) : [];
  if (types.length > 0) {
    const message = `'${field}' belongs to ${types.join(', ')}, not to ${nameOf(type)}.`;
    return { code: 'FIELD_MISPLACED', ...at, message, ...insteadOf(field, type) };
  }
  const known = Object.keys(isTask ? shapeOf(type) : innerShapeAt(pointer));
  const message = `There is no field '${field}' here.`;
  return { code: 'FIELD_UNKNOWN', ...at, message, ...didYouMean(field, known) };
}

/** Fields of what is no task, by the field it stands under. */
const INNER_SHAPES: ReadonlyMap<string, object> = new Map<string, object>([
  ['', definition.shape],
  ['defaults', definition.shape.defaults.unwrap().shape],
  ['retry', retry.shape],
  ['escalateTo', stageShape],
  ['compensate', callShape],
  ['reminders', reminders.shape],
  ['tolerate', tolerate.shape],
  ['cases', switchCase.shape],
  ['catch', catchClause.shape],
]);

/** Tasks stand in lists; so do the cases of a switch and the clauses of a try, but a branch may be named like them. */
function isTaskAt(pointer: string): boolean {
  const [index = '', held = '', around = ''] = keysOf(pointer).toReversed();
  return /^\d+$/.test(index) && (around === 'branches' || (held !== 'cases' && held !== 'catch'));
}

function innerShapeAt(pointer: string): object {
  const [key = '', held = ''] = keysOf(pointer).toReversed();
  return INNER_SHAPES.get(/^\d+$/.test(key) ? held : key) ?? {};
}

function insteadOf(field: string, type: unknown): { readonly hint?: string } {
  if (type === 'approval' && /timeout/i.test(field)) return { hint: "An approval's limit is 'deadline'." };
  if (field === 'timeout') return { hint: "'timeout' is that of one attempt; this takes 'totalTimeout'." };
  return {};
}

function unknownType(type: unknown, pointer: string): Found {
  const types = Object.keys(taskTypes);
  if (type === undefined)
    return { code: 'FIELD_MISSING', pointer, message: "'type' is missing.", hint: `One of ${types.join(', ')}.` };
  const message = `There is no task type '${nameOf(type)}'.`;
  const near = didYouMean(nameOf(type), types);
  return { code: 'TASK_TYPE_UNKNOWN', pointer, message, hint: near.hint ?? `There are ${types.join(', ')}.` };
}

/** `$input.x > 1` where an expression belongs. */
function bareExpression(issue: Issue, value: unknown): { readonly hint?: string } {
  const wantsExpression = issue.code === 'invalid_format' && issue.message.includes('{%');
  return wantsExpression && typeof value === 'string' ? { hint: `Write "{% ${value.trim()} %}".` } : {};
}

function shapeOf(type: unknown): object {
  return Object.entries(taskTypes).find(([name]) => name === type)?.[1].shape ?? {};
}

function valueAt(body: Json, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? (value as Fields)[key] : undefined),
    body,
  );
}

/** Whatever it is, as it stands there; an object's own toString is never called. */
function nameOf(type: unknown): string {
  return typeof type === 'string' ? type : JSON.stringify(type ?? null).slice(0, 100);
}
