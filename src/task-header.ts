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

type Letters<Fields> = { readonly [Field in keyof Required<Fields>]: string };

/** They stay as they are for good: histories are full of them. */
const LETTERS: Letters<Omit<TaskHeader, 'task'>> = {
  tenant: 't',
  executionId: 'e',
  // In ms where that says the same, as it does of nearly each: half as long as ISO 8601.
  executionCreatedAt: 'c',
  maxAttempts: 'm',
  startedAt: 's',
  idempotencyKey: 'k',
};
const TASK_LETTERS: Letters<TaskIdentity> = {
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
const FIELDS = Object.entries(LETTERS) as readonly (readonly [keyof typeof LETTERS, string])[];
const TASK_FIELDS = Object.entries(TASK_LETTERS) as readonly (readonly [keyof TaskIdentity, string])[];

/** {@link unpackHeader} with the same carrier gives the header back. */
export function packHeader(header: TaskHeader, carrier: Carrier): PackedHeader {
  const { task } = header;
  const expected = expectedOf(carrier, header.executionId, task.path);
  const packed: { [letter: string]: Json } = {};
  for (const [field, letter] of FIELDS) {
    const value = field === 'executionCreatedAt' ? shortTime(header.executionCreatedAt) : header[field];
    if (!isSame(value, expected[field])) packed[letter] = value;
  }
  for (const [field, letter] of TASK_FIELDS) {
    if (!isSame(task[field], expected.task[field])) packed[letter] = task[field] ?? null;
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
  const given = <Value>(letter: string, value: Value): Value =>
    letter in packed ? ((packed[letter] ?? undefined) as Value) : value;
  const executionId = packed[LETTERS.executionId] as string | undefined;
  const path = packed[TASK_LETTERS.path] as string | undefined;
  const usual = expectedOf(carrier, executionId, path);
  const createdAt = packed[LETTERS.executionCreatedAt];
  const task: { [field: string]: unknown } = {};
  for (const [field, letter] of TASK_FIELDS) {
    const value = given(letter, usual.task[field]);
    if (value !== undefined) task[field] = value;
  }
  return {
    tenant: given(LETTERS.tenant, usual.tenant),
    executionId: given(LETTERS.executionId, usual.executionId),
    executionCreatedAt: typeof createdAt === 'number' ? new Date(createdAt).toISOString() : (createdAt as string),
    task: task as TaskIdentity,
    maxAttempts: given(LETTERS.maxAttempts, usual.maxAttempts) ?? null,
    startedAt: packed[LETTERS.startedAt] as number,
    idempotencyKey: given(LETTERS.idempotencyKey, usual.idempotencyKey),
  };
}

/** What nearly all have; of the others there is nothing usual. */
type Expected = Omit<TaskHeader, 'task' | 'executionCreatedAt' | 'startedAt'> & {
  readonly executionCreatedAt: undefined;
  readonly startedAt: undefined;
  readonly task: { readonly [Field in keyof Required<TaskIdentity>]: TaskIdentity[Field] | undefined };
};

/** What most tasks are: an executor's, at the path that is the activity's id. */
function expectedOf(
  { workflowId, activityType, activityId = '' }: Carrier,
  givenId: string | undefined,
  path = activityId,
): Expected {
  const { tenant, executionId } = servedBy(workflowId);
  const end = Math.max(path.lastIndexOf('/'), 0);
  const parentPath = path.slice(0, end);
  const index = /.*\[(\d+)\]/.exec(parentPath)?.[1];
  return {
    tenant,
    executionId,
    executionCreatedAt: undefined,
    maxAttempts: null,
    startedAt: undefined,
    idempotencyKey: `${givenId ?? executionId}${path}`,
    task: {
      path: activityId,
      taskId: path.slice(end + 1).replace(/~\d+$/, ''),
      type: 'executor',
      executor: activityType,
      title: undefined,
      parentPath: parentPath === '' ? undefined : parentPath,
      itemIndex: index === undefined ? undefined : Number(index),
      dependencies: [],
      order: undefined,
    },
  };
}

/** Of what a header holds, `dependencies` alone is no scalar. */
function isSame(one: unknown, other: unknown): boolean {
  if (one === other || (one ?? null) === (other ?? null)) return true;
  return Array.isArray(one) && Array.isArray(other) && JSON.stringify(one) === JSON.stringify(other);
}
