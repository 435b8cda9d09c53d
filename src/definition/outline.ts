import type { Json } from '../contract.ts';
import type { Gate } from '../plan/plan.ts';
import { inside } from './pointer.ts';

/** A task as it was written, whether it fits the schema or not: what the rules walk over. */
export type Node = {
  /** '' where it has none. */
  readonly id: string;
  /** '' where it has none. */
  readonly type: string;
  readonly fields: Fields;
  readonly pointer: string;
  readonly list: List;
  /** Position in its list. */
  readonly index: number;
  readonly lists: readonly List[];
  /** Cases of a switch, clauses of a try. */
  readonly clauses: readonly Clause[];
  /** Ways that lead to it; none where it is always reached. */
  readonly gates: readonly Gate[];
};

export type List = {
  readonly pointer: string;
  /** Undefined at the top. */
  readonly owner: Node | undefined;
  /** `tasks`, `then`, `else`, `case<i>`, `default`, `catch<i>`, `finally`, or the branch's. */
  readonly name: string;
  /** What it belongs to, in a switch or a try. */
  readonly clause?: Clause;
  readonly nodes: readonly Node[];
  /** Whether any of its tasks says what comes next. */
  readonly jumps: boolean;
};

/** Part of a task that has a list of its own. */
export type Clause = { readonly fields: Fields; readonly pointer: string };

type Fields = { readonly [field: string]: Json };

/** Where a task's lists are: a field that is one, or that holds some by name, or in clauses. */
type Holder = {
  readonly field: string;
  readonly kind: 'list' | 'branches' | 'clauses';
  /** What a clause's number stands behind in the name of its list. */
  readonly prefix?: string;
};

const CLAUSE_TASKS = 'tasks';
const TASKS: readonly Holder[] = [{ field: 'tasks', kind: 'list' }];
const HOLDERS: ReadonlyMap<string, readonly Holder[]> = new Map<string, readonly Holder[]>([
  [
    'condition',
    [
      { field: 'then', kind: 'list' },
      { field: 'else', kind: 'list' },
    ],
  ],
  [
    'switch',
    [
      { field: 'cases', kind: 'clauses', prefix: 'case' },
      { field: 'default', kind: 'list' },
    ],
  ],
  ['sequential', TASKS],
  ['parallel', [{ field: 'branches', kind: 'branches' }]],
  ['foreach', TASKS],
  ['loop', TASKS],
  ['try', [...TASKS, { field: 'catch', kind: 'clauses', prefix: 'catch' }, { field: 'finally', kind: 'list' }]],
]);

export type Gates = ReadonlyMap<string, readonly Gate[]>;

/** The lists of tasks in a body; `gates` are those of its own tasks, by id. */
export function outlineOf(body: Json, gates: Gates = new Map()): List {
  const tasks = isObject(body) ? body['tasks'] : undefined;
  return outlineList(tasks, '/tasks', { owner: undefined, name: 'tasks' }, gates);
}

/** Every task, each before what is in it. */
export function* walk(list: List): Generator<Node> {
  for (const node of list.nodes) {
    yield node;
    for (const inner of node.lists) yield* walk(inner);
  }
}

/** A task's own fields, without the tasks in it: those of its clauses are told with them. */
export function ownFieldsOf(node: Node): readonly {
  readonly field: string;
  readonly value: Json;
  readonly pointer: string;
  readonly clause?: Clause;
}[] {
  const holders = new Set(HOLDERS.get(node.type)?.map(({ field }) => field));
  const own = Object.entries(node.fields)
    .filter(([field]) => !holders.has(field))
    .map(([field, value]) => ({ field, value, pointer: inside(node.pointer, field) }));
  const inClauses = node.clauses.flatMap((clause) =>
    Object.entries(clause.fields)
      .filter(([field]) => field !== CLAUSE_TASKS)
      .map(([field, value]) => ({ field, value, pointer: inside(clause.pointer, field), clause })),
  );
  return [...own, ...inClauses];
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
  place: Pick<List, 'owner' | 'name' | 'clause'>,
  gates?: Gates,
): List {
  const nodes: Node[] = [];
  const entries = isList(tasks) ? tasks : [];
  const jumps = entries.some((fields) => isObject(fields) && fields['next'] !== undefined);
  const list: List = { pointer, ...place, nodes, jumps };
  for (const [i, fields] of entries.entries()) {
    if (isObject(fields)) nodes.push(outlineTask(fields, inside(pointer, i), { list, index: nodes.length }, gates));
  }
  return list;
}

function outlineTask(
  fields: Fields,
  pointer: string,
  place: Pick<Node, 'list' | 'index'>,
  gates: Gates | undefined,
): Node {
  const id = isText(fields['id']) ? fields['id'] : '';
  const type = isText(fields['type']) ? fields['type'] : '';
  const lists: List[] = [];
  const clauses: Clause[] = [];
  const node: Node = { id, type, fields, pointer, ...place, lists, clauses, gates: gates?.get(id) ?? [] };
  for (const { field, kind, prefix = '' } of HOLDERS.get(type) ?? []) {
    const held = fields[field];
    const at = inside(pointer, field);
    if (held === undefined) continue;
    if (kind === 'list') lists.push(outlineList(held, at, { owner: node, name: field }));
    if (kind === 'branches' && isObject(held)) {
      for (const [name, tasks] of Object.entries(held)) {
        lists.push(outlineList(tasks, inside(at, name), { owner: node, name }));
      }
    }
    if (kind === 'clauses' && isList(held)) {
      for (const [i, each] of held.entries()) {
        if (!isObject(each)) continue;
        const clause: Clause = { fields: each, pointer: inside(at, i) };
        clauses.push(clause);
        const tasksAt = inside(clause.pointer, CLAUSE_TASKS);
        lists.push(outlineList(each[CLAUSE_TASKS], tasksAt, { owner: node, name: `${prefix}${i}`, clause }));
      }
    }
  }
  return node;
}
