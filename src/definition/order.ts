import { createExcludes } from './exclusive.ts';
import type { List, Node } from './outline.ts';
import { isList, isText, walk } from './outline.ts';

/** Which task of a list waits for which; tasks are named by their position in it. */
export type Order = {
  /** What each waits for itself. */
  readonly after: readonly (readonly number[])[];
  /** Whether one has always ended before the other starts; true for all where some wait for each other. */
  readonly precedes: (earlier: number, later: number) => boolean;
  /** Whether never both are reached, by the ways that lead to them; absent where every task of the list is. */
  readonly excludes?: (a: number, b: number) => boolean;
  /** Where each stands in an order that fits; not in a list with a cycle. */
  readonly rank: readonly number[];
  /** Whether each waits for the one above it and nothing else. */
  readonly isPlain: boolean;
  /** Tasks that wait for each other, each for the next and the last for the first. */
  readonly cycles: readonly (readonly number[])[];
};

export type Orders = ReadonlyMap<List, Order>;

export function ordersOf(top: List): Orders {
  const lists = [top, ...[...walk(top)].flatMap(({ lists }) => lists)];
  return new Map(lists.map((list) => [list, orderOf(list)]));
}

/** A task that names no dependencies waits for the one above it. */
export function dependenciesOf({ fields }: Node): readonly string[] | undefined {
  const { dependencies } = fields;
  return isList(dependencies) ? dependencies.filter(isText) : undefined;
}

function orderOf({ nodes }: List): Order {
  if (nodes.every((node) => dependenciesOf(node) === undefined)) {
    const after = nodes.map((_, i) => (i === 0 ? [] : [i - 1]));
    return { after, precedes: (earlier, later) => earlier < later, rank: [...after.keys()], isPlain: true, cycles: [] };
  }
  const indexes = new Map(nodes.map(({ id }, i) => [id, i]));
  const after = nodes.map((node, i) => {
    const named = dependenciesOf(node)?.flatMap((id) => indexes.get(id) ?? []);
    return named ? [...new Set(named)] : i === 0 ? [] : [i - 1];
  });
  const sorted = sort(after);
  const cycles = findCycles(after, new Set(sorted));
  if (cycles.length > 0) return { after, precedes: () => true, rank: [], isPlain: false, cycles };
  const rank = after.map(() => 0);
  for (const [place, index] of sorted.entries()) rank[index] = place;
  const before = closure(after, sorted);
  return {
    after,
    precedes: (earlier, later) => (((before[later]?.[earlier >> 5] ?? 0) >>> (earlier & 31)) & 1) === 1,
    ...(nodes.some(({ gates }) => gates.length > 0) ? { excludes: createExcludes(nodes, sorted) } : {}),
    rank,
    isPlain: false,
    cycles,
  };
}

/** Each behind those it waits for; what is in a cycle, or behind one, is left out. */
export function sort(after: Order['after']): readonly number[] {
  const followers = after.map((): number[] => []);
  const open = after.map((before, i) => {
    for (const index of before) followers[index]?.push(i);
    return before.length;
  });
  const sorted = open.flatMap((count, i) => (count === 0 ? [i] : []));
  for (const done of sorted) {
    for (const next of followers[done] ?? []) {
      open[next] = (open[next] ?? 0) - 1;
      if (open[next] === 0) sorted.push(next);
    }
  }
  return sorted;
}

/** What isn't sorted waits for something else that isn't, so that going back ends in a cycle. */
function findCycles(after: Order['after'], sorted: ReadonlySet<number>): readonly (readonly number[])[] {
  const cycles: number[][] = [];
  const seen = new Set<number>();
  for (const start of after.keys()) {
    const trail: number[] = [];
    let at: number | undefined = sorted.has(start) ? undefined : start;
    while (at !== undefined && !seen.has(at)) {
      seen.add(at);
      trail.push(at);
      at = after[at]?.find((index) => !sorted.has(index));
    }
    const from = at === undefined ? -1 : trail.indexOf(at);
    if (from >= 0) cycles.push(trail.slice(from));
  }
  return cycles;
}

/** One row of bits for each task: all that come before it. */
function closure(after: Order['after'], sorted: readonly number[]): readonly Uint32Array[] {
  const words = Math.ceil(after.length / 32);
  const rows = after.map(() => new Uint32Array(words));
  for (const index of sorted) {
    const row = rows[index];
    for (const earlier of after[index] ?? []) {
      if (!row) continue;
      rows[earlier]?.forEach((bits, word) => (row[word] = (row[word] ?? 0) | bits));
      row[earlier >> 5] = (row[earlier >> 5] ?? 0) | (1 << (earlier & 31));
    }
  }
  return rows;
}
