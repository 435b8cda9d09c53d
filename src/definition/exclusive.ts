import type { Node } from './outline.ts';

/** For each task of a list by which way of which other one it is surely reached: numbers of ways, 0 for none. */
type Rows = readonly Uint16Array[];

/**
 * Tells of two tasks whether never both are reached: some other task must have chosen one way for the first and another
 * way for the second. `sorted` has each task behind those it waits for.
 */
export function createExcludes(nodes: readonly Node[], sorted: readonly number[]): (a: number, b: number) => boolean {
  let rows: Rows | undefined;
  return (a, b) => {
    rows ??= rowsOf(nodes, sorted);
    const [first, second] = [rows[a], rows[b]];
    return first?.some((way, i) => way > 0 && (second?.[i] ?? 0) > 0 && second?.[i] !== way) === true;
  };
}

/** Several ways may lead to a task: sure is only what all of them have in common. */
function rowsOf(nodes: readonly Node[], sorted: readonly number[]): Rows {
  const indexes = new Map(nodes.map(({ id }, i) => [id, i]));
  const numbers = new Map<string, number>();
  const rows = nodes.map(() => new Uint16Array(nodes.length));
  for (const index of sorted) {
    const ways = (nodes[index]?.gates ?? []).map(({ task, way }) => {
      const before = indexes.get(task) ?? -1;
      const row = Uint16Array.from(rows[before] ?? []);
      if (way !== undefined) row[before] = numberOf(way);
      return row;
    });
    const [first, ...others] = ways;
    if (first) rows[index] = first.map((way, i) => (others.every((other) => other[i] === way) ? way : 0));
  }
  return rows;

  function numberOf(way: string): number {
    const number = numbers.get(way) ?? numbers.size + 1;
    numbers.set(way, number);
    return number;
  }
}
