import type { Json } from '../../contract.ts';
import type { Gate } from '../../plan/plan.ts';
import { sort } from '../order.ts';
import { isList, isObject } from '../outline.ts';
import { inside } from '../pointer.ts';
import type { Dialect } from './dialect.ts';
import type { Edge } from './graph-edges.ts';
import { readEdges } from './graph-edges.ts';
import type { GraphNode } from './graph-nodes.ts';
import { isMarker, readNodes, titleFieldOf } from './graph-nodes.ts';
import { createOrigins } from './origins.ts';

const DRAWING = ['nodes', 'edges', 'viewport'];
/** Older editors keep the viewport as these two. */
const DRAWN = [...DRAWING, 'position', 'zoom'];

/**
 * Vue Flow's `{nodes, edges, viewport}`: a node is a task, its data are the task's fields, an edge is a dependency. A
 * node is reached by any of its edges that was taken.
 */
export const graph: Dialect = {
  fits: (body) => isObject(body) && body['nodes'] !== undefined,
  translate: (body, { problems }) => {
    const fields = isObject(body) ? body : {};
    const nodes = readNodes(fields['nodes'], problems);
    if (!nodes) return undefined;
    const edges = readEdges(fields['edges'], nodes, problems);
    if (fields['tasks'] !== undefined) {
      const message = "In a graph the tasks are 'nodes'.";
      problems.add({ code: 'FIELD_MISPLACED', pointer: '/tasks', part: 'key', message });
    }
    const tasks = nodes.filter((node) => !isMarker(node));
    const leading = new Map(tasks.map((task): [GraphNode, Edge[]] => [task, []]));
    for (const edge of edges) leading.get(edge.target)?.push(edge);
    const before = [...leading.values()];
    const ordered = inOrder(tasks, before);
    const origins = createOrigins();
    origins.put('/tasks', '/nodes');
    const list = ordered.map(({ task, edges: own }, i) => translateNode(task, own, inside('/tasks', i)));
    const beside = Object.entries(fields).filter(([field]) => !DRAWN.includes(field) && field !== 'tasks');
    return {
      body: { ...Object.fromEntries(beside), tasks: list },
      originOf: origins.of,
      gates: gatesOf(ordered),
      graph: Object.fromEntries(Object.entries({ edges: [], ...fields }).filter(([field]) => DRAWING.includes(field))),
    };

    function translateNode(node: GraphNode, own: readonly Edge[], pointer: string): Json {
      const { id, type, data, pointer: origin } = node;
      const { label, ...rest } = data;
      const titleField = titleFieldOf(data);
      origins.put(pointer, origin, inside(origin, 'data'));
      for (const field of ['id', 'type']) origins.put(inside(pointer, field), inside(origin, field));
      origins.put(inside(pointer, 'title'), inside(origin, 'data', titleField));
      origins.put(inside(pointer, 'dependencies'), origin);
      const waited = own.filter(({ source }) => !isMarker(source));
      for (const [i, edge] of waited.entries())
        origins.put(inside(pointer, 'dependencies', i), inside(edge.pointer, 'source'));
      return {
        ...(type === 'condition' ? { then: [] } : {}),
        ...(label === undefined ? {} : { title: label }),
        ...rest,
        ...(type === 'switch' && isList(rest['cases']) ? { cases: rest['cases'].map(withTasks) } : {}),
        id,
        ...(type === undefined ? {} : { type }),
        dependencies: waited.map(({ source }) => source.id),
      };
    }
  },
};

/** What a case leads to may be said by edges alone. */
function withTasks(each: Json): Json {
  return isObject(each) ? { tasks: [], ...each } : each;
}

type Placed = { readonly task: GraphNode; readonly edges: readonly Edge[] };

/** Each behind those that lead to it, so that the last one, whose output is the graph's, is where it ends. */
function inOrder(tasks: readonly GraphNode[], before: readonly (readonly Edge[])[]): readonly Placed[] {
  const indexes = new Map(tasks.map((task, i) => [task, i]));
  const after = before.map((edges) => [...new Set(edges.flatMap(({ source }) => indexes.get(source) ?? []))]);
  const sorted = sort(after);
  const indexesInOrder = sorted.length === tasks.length ? sorted : [...tasks.keys()];
  return indexesInOrder.flatMap((i) => {
    const task = tasks[i];
    return task ? [{ task, edges: before[i] ?? [] }] : [];
  });
}

/** A task is surely reached where nothing leads to it, or anything that is surely reached and has no other way. */
function gatesOf(ordered: readonly Placed[]): ReadonlyMap<string, readonly Gate[]> {
  const gates = new Map<string, readonly Gate[]>();
  for (const { task, edges } of ordered) {
    const isSure = edges.some(({ source, way }) => way === undefined && !gates.has(source.id));
    if (edges.length === 0 || isSure) continue;
    gates.set(
      task.id,
      edges.map(({ source, way }) => (way === undefined ? { task: source.id } : { task: source.id, way })),
    );
  }
  return gates;
}
