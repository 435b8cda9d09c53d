import type { Json } from '../contract.ts';
import type { Gate } from '../plan/plan.ts';
import { inside } from './pointer.ts';

/** A task as it was written, whether it fits the schema or not: what the rules walk over. */
export type Node = {
  /** '' where it has none. */
  readonly id: string;
  /** '' where it has none. */
  readonly type: string;
  readonly fields: { readonly [field: string]: Json };
  readonly pointer: string;
  readonly list: List;
  /** Position in its list. */
  readonly index: number;
  readonly lists: readonly List[];
  /** Ways that lead to it; none where it is always reached. */
  readonly gates: readonly Gate[];
};

export type List = {
  readonly pointer: string;
  /** Undefined at the top. */
  readonly owner: Node | undefined;
  /** Of a parallel. */
  readonly branch?: string;
  readonly nodes: readonly Node[];
};

/** Where a task's lists are. */
const LIST_FIELDS: ReadonlyMap<string, readonly string[]> = new Map([
  ['condition', ['then', 'else']],
  ['sequential', ['tasks']],
  ['foreach', ['tasks']],
]);
const BRANCH_FIELDS: ReadonlyMap<string, string> = new Map([['parallel', 'branches']]);

export type Gates = ReadonlyMap<string, readonly Gate[]>;

/** The lists of tasks in a body; `gates` are those of its own tasks, by id. */
export function outlineOf(body: Json, gates: Gates = new Map()): List {
  return outlineList(isObject(body) ? body['tasks'] : undefined, '/tasks', { owner: undefined }, gates);
}

/** Every task, each before what is in it. */
export function* walk(list: List): Generator<Node> {
  for (const node of list.nodes) {
    yield node;
    for (const inner of node.lists) yield* walk(inner);
  }
}

/** Whether a field holds tasks, so that its texts are theirs. */
export function isListField({ type }: Node, field: string): boolean {
  return LIST_FIELDS.get(type)?.includes(field) === true || BRANCH_FIELDS.get(type) === field;
}

export function isObject(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

export function isText(value: Json | undefined): value is string {
  return typeof value === 'string';
}

function outlineList(
  tasks: Json | undefined,
  pointer: string,
  place: Pick<List, 'owner' | 'branch'>,
  gates?: Gates,
): List {
  const nodes: Node[] = [];
  const list: List = { pointer, ...place, nodes };
  for (const [i, fields] of (isList(tasks) ? tasks : []).entries()) {
    if (isObject(fields)) nodes.push(outlineTask(fields, inside(pointer, i), { list, index: nodes.length }, gates));
  }
  return list;
}

function outlineTask(
  fields: Node['fields'],
  pointer: string,
  place: Pick<Node, 'list' | 'index'>,
  gates: Gates | undefined,
): Node {
  const id = isText(fields['id']) ? fields['id'] : '';
  const type = isText(fields['type']) ? fields['type'] : '';
  const lists: List[] = [];
  const node: Node = { id, type, fields, pointer, ...place, lists, gates: gates?.get(id) ?? [] };
  for (const field of LIST_FIELDS.get(type) ?? []) {
    if (fields[field] !== undefined) lists.push(outlineList(fields[field], inside(pointer, field), { owner: node }));
  }
  const branchField = BRANCH_FIELDS.get(type);
  const branches = branchField === undefined ? undefined : fields[branchField];
  for (const [branch, tasks] of Object.entries(isObject(branches) ? branches : {})) {
    lists.push(outlineList(tasks, inside(pointer, branchField ?? '', branch), { owner: node, branch }));
  }
  return node;
}
