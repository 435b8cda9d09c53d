import type { Json } from '../../contract.ts';
import { didYouMean } from '../nearest.ts';
import { isList, isObject, isText } from '../outline.ts';
import { inside } from '../pointer.ts';
import type { Problems } from '../problems.ts';
import type { GraphNode } from './graph-nodes.ts';
import { markerSide } from './graph-nodes.ts';

export type Edge = {
  readonly source: GraphNode;
  readonly target: GraphNode;
  /** The way its source must choose; absent: any. */
  readonly way?: string;
  readonly pointer: string;
};

/** Ways by handle. */
type Handles = ReadonlyMap<Json, string>;
type HandlesOf = (data: GraphNode['data']) => Handles;

const CONDITION: Handles = new Map([
  ['true', 'then'],
  ['then', 'then'],
  ['false', 'else'],
  ['else', 'else'],
]);

/** Of the types that have several. */
const HANDLES: ReadonlyMap<Json | undefined, HandlesOf> = new Map<Json | undefined, HandlesOf>([
  ['condition', () => CONDITION],
  ['switch', switchHandles],
]);

/** The edges between nodes that are there; others are problems. */
export function readEdges(edges: Json | undefined, nodes: readonly GraphNode[], problems: Problems): readonly Edge[] {
  if (edges === undefined || edges === null) return [];
  if (!isList(edges)) {
    problems.add({ code: 'FIELD_INVALID', pointer: '/edges', message: "'edges' must be a list." });
    return [];
  }
  const byName = new Map(nodes.map((node) => [node.name, node]));
  return edges.flatMap((edge, i) => {
    const pointer = inside('/edges', i);
    if (!isObject(edge)) {
      problems.add({ code: 'FIELD_INVALID', pointer, message: 'An edge must be an object.' });
      return [];
    }
    const source = readEnd(edge['source'], inside(pointer, 'source'), 'source', byName, problems);
    const target = readEnd(edge['target'], inside(pointer, 'target'), 'target', byName, problems);
    if (!source || !target) return [];
    checkMarkers(source, target, pointer, problems);
    const way = readHandle(source, edge['sourceHandle'], inside(pointer, 'sourceHandle'), problems);
    return [{ source, target, pointer, ...(way === undefined ? {} : { way }) }];
  });
}

function readEnd(
  name: Json | undefined,
  pointer: string,
  field: 'source' | 'target',
  byName: ReadonlyMap<string, GraphNode>,
  problems: Problems,
): GraphNode | undefined {
  if (!isText(name)) {
    const code = name === undefined ? 'FIELD_MISSING' : 'FIELD_INVALID';
    const message = name === undefined ? `'${field}' is missing.` : `'${field}' must be the id of a node.`;
    problems.add({ code, pointer, message });
    return undefined;
  }
  const node = byName.get(name);
  if (!node) {
    const message = `There is no node '${name}'.`;
    problems.add({ code: 'TASK_UNKNOWN', pointer, message, ...didYouMean(name, byName.keys()) });
  }
  return node;
}

function checkMarkers(source: GraphNode, target: GraphNode, pointer: string, problems: Problems): void {
  if (markerSide(target) === 'begin')
    problems.add({
      code: 'FIELD_INVALID',
      pointer: inside(pointer, 'target'),
      message: `Nothing leads to '${target.name}': it marks where the graph begins.`,
    });
  if (markerSide(source) === 'end')
    problems.add({
      code: 'FIELD_INVALID',
      pointer: inside(pointer, 'source'),
      message: `Nothing goes on from '${source.name}': it marks where the graph ends.`,
    });
}

function switchHandles({ cases }: GraphNode['data']): Handles {
  const ways = isList(cases) ? cases.map((_, i) => `case${i}`) : [];
  const named = ways.flatMap((way, i) => [way, `case-${i}`, `${i}`, i].map((handle): [Json, string] => [handle, way]));
  return new Map<Json, string>([...named, ['default', 'default']]);
}

function readHandle(
  { type, name, data }: GraphNode,
  handle: Json | undefined,
  pointer: string,
  problems: Problems,
): string | undefined {
  const handles = HANDLES.get(type)?.(data);
  if (!handles || handle === undefined || handle === null || handle === '') return undefined;
  const way = handles.get(handle);
  if (way === undefined) {
    const known = [...handles.keys()].filter(isText);
    const near = isText(handle) ? didYouMean(handle, known) : {};
    const hint =
      near.hint ?? `There are ${known.join(', ').slice(0, 500)}; without one it is taken whichever way is chosen.`;
    const message = `'${name}' has no handle ${JSON.stringify(handle)}.`;
    problems.add({ code: 'FIELD_INVALID', pointer, message, hint });
  }
  return way;
}
