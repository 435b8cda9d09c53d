import type { Json } from '../contract.ts';
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

/** The lists of tasks in a body. */
export function outlineOf(body: Json): List {
  return outlineList(isObject(body) ? body['tasks'] : undefined, '/tasks', { owner: undefined });
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

function outlineList(tasks: Json | undefined, pointer: string, place: Pick<List, 'owner' | 'branch'>): List {
  const nodes: Node[] = [];
  const list: List = { pointer, ...place, nodes };
  for (const [i, fields] of (isList(tasks) ? tasks : []).entries()) {
    if (isObject(fields)) nodes.push(outlineTask(fields, inside(pointer, i), list, nodes.length));
  }
  return list;
}

function outlineTask(fields: Node['fields'], pointer: string, list: List, index: number): Node {
  const { id, type } = fields;
  const lists: List[] = [];
  const node: Node = { id: isText(id) ? id : '', type: isText(type) ? type : '', fields, pointer, list, index, lists };
  for (const field of LIST_FIELDS.get(node.type) ?? []) {
    if (fields[field] !== undefined) lists.push(outlineList(fields[field], inside(pointer, field), { owner: node }));
  }
  const branchField = BRANCH_FIELDS.get(node.type);
  const branches = branchField === undefined ? undefined : fields[branchField];
  for (const [branch, tasks] of Object.entries(isObject(branches) ? branches : {})) {
    lists.push(outlineList(tasks, inside(pointer, branchField ?? '', branch), { owner: node, branch }));
  }
  return node;
}
