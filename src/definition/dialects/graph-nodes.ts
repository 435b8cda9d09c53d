import type { Json } from '../../contract.ts';
import { isList, isObject, isText, outlineOf, walk } from '../outline.ts';
import { inside } from '../pointer.ts';
import type { Problems } from '../problems.ts';
import { createLegalIds, isLegalId } from './legal-ids.ts';

export type GraphNode = {
  /** As the node has it; edges name it. */
  readonly name: string;
  /** Of its task. */
  readonly id: string;
  readonly type: Json | undefined;
  readonly data: { readonly [field: string]: Json };
  readonly pointer: string;
};

/** Where editors begin and end a drawing: no tasks, and which side has no edges. */
const MARKERS: ReadonlyMap<Json | undefined, 'begin' | 'end'> = new Map([
  ['start', 'begin'],
  ['input', 'begin'],
  ['output', 'end'],
]);
/** Fields of a task that its data can't hold, and what says it instead. */
const ELSEWHERE: ReadonlyMap<string, string> = new Map([
  ['id', "a node's 'id' stands beside its data"],
  ['type', "a node's 'type' stands beside its data"],
  ['dependencies', 'edges say what a node waits for'],
  ['next', 'edges say what comes next'],
]);

/** The nodes, undefined where there are none. */
export function readNodes(nodes: Json | undefined, problems: Problems): readonly GraphNode[] | undefined {
  const at = { pointer: '/nodes' } as const;
  if (!isList(nodes)) {
    if (nodes === undefined) problems.add({ code: 'FIELD_MISSING', ...at, message: "'nodes' is missing." });
    else problems.add({ code: 'FIELD_INVALID', ...at, message: "'nodes' must be a list." });
    return undefined;
  }
  const written = nodes.flatMap((node, i) => readNode(node, inside(at.pointer, i), problems) ?? []);
  if (written.every(isMarker)) {
    if (written.length === nodes.length)
      problems.add({ code: 'FIELD_INVALID', ...at, message: 'There is no node that does anything.' });
    return undefined;
  }
  const names = new Set<string>();
  const legalId = createLegalIds('node', idsIn(written));
  return written.map((node) => {
    const { name, pointer } = node;
    const isTwice = names.has(name);
    names.add(name);
    if (isTwice && name !== '') {
      const message = `'${name}' is the id of another node.`;
      problems.add({ code: 'TASK_ID_DUPLICATE', pointer: inside(pointer, 'id'), message });
    }
    return { ...node, id: isLegalId(name) && !isTwice ? name : legalId(name) };
  });
}

export function isMarker({ type }: Pick<GraphNode, 'type'>): boolean {
  return MARKERS.has(type);
}

/** Which side of a marker no edge may be at. */
export function markerSide({ type }: GraphNode): 'begin' | 'end' | undefined {
  return MARKERS.get(type);
}

/** Editors show a label; the language calls it a title, which may be there too. */
export function titleFieldOf({ title, label }: GraphNode['data']): 'title' | 'label' {
  return title === undefined && label !== undefined ? 'label' : 'title';
}

function readNode(node: Json, pointer: string, problems: Problems): Omit<GraphNode, 'id'> | undefined {
  if (!isObject(node)) {
    problems.add({ code: 'FIELD_INVALID', pointer, message: 'A node must be an object.' });
    return undefined;
  }
  const { id, type, data } = node;
  if (id === undefined)
    problems.add({ code: 'FIELD_MISSING', pointer: inside(pointer, 'id'), message: "'id' is missing." });
  else if (!isText(id) || id === '') {
    const message = "'id' must be a text that isn't empty.";
    problems.add({ code: 'TASK_ID_INVALID', pointer: inside(pointer, 'id'), message });
  }
  if (data !== undefined && data !== null && !isObject(data)) {
    problems.add({ code: 'FIELD_INVALID', pointer: inside(pointer, 'data'), message: "'data' must be an object." });
  }
  const fields = isObject(data) ? data : {};
  return { name: isText(id) ? id : '', type, data: ownData(fields, type, inside(pointer, 'data'), problems), pointer };
}

function ownData(
  data: GraphNode['data'],
  type: Json | undefined,
  pointer: string,
  problems: Problems,
): GraphNode['data'] {
  const isTask = !isMarker({ type });
  const kept = Object.entries(data).filter(([field]) => {
    const where = ELSEWHERE.get(field);
    const at = { pointer: inside(pointer, field), part: 'key' } as const;
    if (where !== undefined) {
      problems.add({ code: 'FIELD_MISPLACED', ...at, message: `'${field}' has no place in data: ${where}.` });
    } else if (!isTask && field !== 'label') {
      const hint = 'This node only marks where the graph begins or ends.';
      problems.add({ code: 'FIELD_UNKNOWN', ...at, message: `There is no field '${field}' here.`, hint });
    }
    return where === undefined;
  });
  return Object.fromEntries(kept);
}

/** What is an id already: of nodes, and of the tasks in their lists. */
function idsIn(nodes: readonly Omit<GraphNode, 'id'>[]): readonly string[] {
  const tasks = nodes.map(({ name, type, data }): Json => ({ ...data, id: name, type: type ?? null }));
  return [...walk(outlineOf({ tasks }))].map(({ id }) => id).filter(isLegalId);
}
