import type { Reads } from './check-expressions.ts';
import type { Order, Orders } from './order.ts';
import type { List, Node } from './outline.ts';
import { isObject } from './outline.ts';
import { inside } from './pointer.ts';
import type { Problems } from './problems.ts';

/** One place where a task, or one in it, sets or reads a variable that it shares with its siblings. */
type Use = { readonly name: string; readonly sets: boolean; readonly pointer: string };

/** `index`: position of the sibling it is in. */
type Placed = Use & { readonly index: number };

/** Two tasks that may run beside each other must not set, or set and read, one variable. */
export function checkVariables(orders: Orders, reads: ReadonlyMap<Node | undefined, Reads>, problems: Problems): void {
  const known = new Map<Node, readonly Use[]>();
  for (const [list, order] of orders) {
    if (!order.isPlain && order.cycles.length === 0) checkList(list, order);
  }

  function checkList({ nodes }: List, order: Order): void {
    const byName = new Map<string, Placed[]>();
    for (const [index, node] of nodes.entries()) {
      for (const use of usesOf(node)) {
        const same = byName.get(use.name) ?? [];
        same.push({ ...use, index });
        byName.set(use.name, same);
      }
    }
    for (const [name, uses] of byName) {
      const all = name === '*' ? [] : [...uses, ...(byName.get('*') ?? [])];
      const found = order.excludes ? conflictsOfGraph(all, order) : conflicts(all, order);
      for (const [set, other] of found) {
        if (problems.isFull()) return;
        report(set, other, nodes);
      }
    }
  }

  function report(set: Placed, other: Placed, nodes: List['nodes']): void {
    const [a, b] = [nodes[set.index]?.id ?? '', nodes[other.index]?.id ?? ''];
    problems.add({
      code: 'VARIABLE_CONFLICT',
      pointer: other.pointer,
      message: `'${a}' sets $vars.${set.name} while '${b}' may ${other.sets ? 'set' : 'read'} it: nothing says which comes first.`,
      hint: `Let '${b}' wait for '${a}', or the other way round: by dependencies, or by an edge of a graph.`,
    });
  }

  /** Branches and iterations have copies: what is set there stays there. */
  function usesOf(node: Node): readonly Use[] {
    const found = known.get(node) ?? collect(node);
    known.set(node, found);
    return found;
  }

  function collect(node: Node): readonly Use[] {
    const vars = node.type === 'set' ? node.fields['vars'] : undefined;
    const own = (reads.get(node)?.vars ?? []).map((read) => ({ ...read, sets: false }));
    const set = Object.keys(isObject(vars) ? vars : {}).map((name) => ({
      name,
      sets: true,
      pointer: inside(node.pointer, 'vars', name),
    }));
    const inner = node.lists.flatMap(({ nodes }) => nodes.flatMap(usesOf));
    const hasCopies = node.type === 'parallel' || node.type === 'foreach';
    return [...own, ...set, ...(hasCopies ? inner.filter(({ sets }) => !sets) : inner)];
  }
}

/**
 * What is set beside another use of one variable. In an order that fits the dependencies each use need only be held
 * against the nearest ones: if those are ordered, so are all others.
 */
function conflicts(
  uses: readonly Placed[],
  { rank, precedes }: Order,
): readonly (readonly [set: Placed, other: Placed])[] {
  const found: [Placed, Placed][] = [];
  let set: Placed | undefined;
  let reads: Placed[] = [];
  for (const use of uses.toSorted((a, b) => (rank[a.index] ?? 0) - (rank[b.index] ?? 0))) {
    const isFree = (before: Placed) => before.index !== use.index && !precedes(before.index, use.index);
    if (set && isFree(set)) found.push(use.sets && use.index < set.index ? [use, set] : [set, use]);
    if (!use.sets) {
      reads.push(use);
      continue;
    }
    found.push(...reads.filter(isFree).map((read): [Placed, Placed] => [use, read]));
    set = use;
    reads = [];
  }
  return found;
}

/** With ways that exclude each other nothing follows from what is between two uses: each is held against every other. */
function* conflictsOfGraph(
  uses: readonly Placed[],
  { rank, precedes, excludes }: Order,
): Generator<readonly [set: Placed, other: Placed]> {
  const once = [...new Map(uses.map((use) => [`${use.index} ${use.sets}`, use])).values()];
  const sorted = once.sort((a, b) => (rank[a.index] ?? 0) - (rank[b.index] ?? 0));
  const sets = sorted.filter((use) => use.sets);
  const reads = sorted.filter((use) => !use.sets);
  const mayMeet = (a: Placed, b: Placed) =>
    !precedes(a.index, b.index) && !precedes(b.index, a.index) && excludes?.(a.index, b.index) !== true;
  for (const [i, set] of sets.entries()) {
    for (let j = i + 1; j < sets.length; j++) {
      const other = sets[j];
      // What is sorted behind it never comes before it.
      if (!other || precedes(set.index, other.index) || excludes?.(set.index, other.index) === true) continue;
      yield set.index < other.index ? [set, other] : [other, set];
    }
    for (const read of reads) if (read.index !== set.index && mayMeet(set, read)) yield [set, read];
  }
}
