/** How a {@link TaskHeader} travels: without what the call itself says, as each history keeps one for every normal task. */
import { PACKED_TASK_HEADER, TASK_HEADER } from './contract.ts';
import type { Json, TaskHeader, TaskIdentity } from './contract.ts';
import { servedBy } from './ids.ts';

/** What workflow and activity both see of a call. */
export type Carrier = {
  readonly workflowId: string;
  readonly activityType: string;
  /** Undefined for a local one, whose id is a number of Temporal's. */
  readonly activityId: string | undefined;
};

/** By the letters of {@link LETTERS}: what is not as the carrier lets expect; null: it has none. */
export type PackedHeader = { readonly [letter: string]: Json };

type Flat = Omit<TaskHeader, 'task' | 'executionCreatedAt'> &
  TaskIdentity & {
    /** In ms where that says the same, as it does of nearly each: half as long as ISO 8601. */
    readonly executionCreatedAt: string | number;
  };

/** They stay as they are for good: histories are full of them. */
const LETTERS: { readonly [Field in keyof Required<Flat>]: string } = {
  tenant: 't',
  executionId: 'e',
  executionCreatedAt: 'c',
  maxAttempts: 'm',
  startedAt: 's',
  idempotencyKey: 'k',
  path: 'p',
  taskId: 'i',
  type: 'y',
  executor: 'x',
  title: 'n',
  parentPath: 'f',
  itemIndex: 'j',
  dependencies: 'd',
  order: 'o',
};
const FIELDS = Object.entries(LETTERS) as readonly (readonly [keyof Flat, string])[];

/** {@link unpackHeader} with the same carrier gives the header back. */
export function packHeader({ task, ...rest }: TaskHeader, carrier: Carrier): PackedHeader {
  const flat: Flat = { ...rest, ...task, executionCreatedAt: shortTime(rest.executionCreatedAt) };
  const expected = expectedOf(carrier, flat.executionId, flat.path);
  const packed: { [letter: string]: Json } = {};
  for (const [field, letter] of FIELDS) {
    if (!isSame(flat[field], expected[field])) packed[letter] = flat[field] ?? null;
  }
  return packed;
}

/** All calls of an execution carry the same. */
let last: { readonly iso: string; readonly short: string | number } = { iso: '', short: '' };

function shortTime(iso: string): string | number {
  if (iso !== last.iso) {
    const ms = Date.parse(iso);
    last = { iso, short: !Number.isNaN(ms) && new Date(ms).toISOString() === iso ? ms : iso };
  }
  return last.short;
}

/**
 * The header that a call carries, in either form; undefined when somebody else's workflow made the call.
 * @param read a header's value by its name
 */
export function headerIn(read: (name: string) => unknown, carrier: Carrier): TaskHeader | undefined {
  const packed = read(PACKED_TASK_HEADER) as PackedHeader | null | undefined;
  return packed ? unpackHeader(packed, carrier) : ((read(TASK_HEADER) as TaskHeader | null | undefined) ?? undefined);
}

export function unpackHeader(packed: PackedHeader, carrier: Carrier): TaskHeader {
  const executionId = packed[LETTERS.executionId] as string | undefined;
  const path = packed[LETTERS.path] as string | undefined;
  const expected = expectedOf(carrier, executionId, path);
  const flat: { [field: string]: unknown } = {};
  for (const [field, letter] of FIELDS) {
    const value = letter in packed ? (packed[letter] ?? undefined) : expected[field];
    if (value !== undefined) flat[field] = value;
  }
  const { tenant, executionCreatedAt: createdAt, maxAttempts, startedAt, idempotencyKey, ...task } = flat as Flat;
  const { executionId: id, ...identity } = task;
  const executionCreatedAt = typeof createdAt === 'number' ? new Date(createdAt).toISOString() : createdAt;
  return { tenant, executionId: id, executionCreatedAt, task: identity, maxAttempts, startedAt, idempotencyKey };
}

/** What most tasks are: an executor's, at the path that is the activity's id. */
function expectedOf(
  { workflowId, activityType, activityId = '' }: Carrier,
  givenId: string | undefined,
  path = activityId,
): Partial<Flat> {
  const { tenant, executionId } = servedBy(workflowId);
  const end = Math.max(path.lastIndexOf('/'), 0);
  const parentPath = path.slice(0, end);
  const index = /.*\[(\d+)\]/.exec(parentPath)?.[1];
  return {
    tenant,
    executionId,
    maxAttempts: null,
    idempotencyKey: `${givenId ?? executionId}${path}`,
    path: activityId,
    taskId: path.slice(end + 1).replace(/~\d+$/, ''),
    type: 'executor',
    executor: activityType,
    ...(parentPath !== '' && { parentPath }),
    ...(index !== undefined && { itemIndex: Number(index) }),
    dependencies: [],
  };
}

/** Of what a header holds, `dependencies` alone is no scalar. */
function isSame(one: unknown, other: unknown): boolean {
  if (one === other || (one ?? null) === (other ?? null)) return true;
  return Array.isArray(one) && Array.isArray(other) && JSON.stringify(one) === JSON.stringify(other);
}
