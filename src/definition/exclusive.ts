import type { Node } from './outline.ts';

/** By which way of which other task one is surely reached: numbers of ways from 1, 0 for none. */
type Row = Uint16Array;
/** The same as bits, the first bits of all numbers before the second ones, so that many are held against many at once. */
type Bits = Uint32Array;

/**
 * Tells of two tasks whether never both are reached: some other task must have chosen one way for the first and another
 * way for the second. `sorted` has each task behind those it waits for.
 */
export function createExcludes(nodes: readonly Node[], sorted: readonly number[]): (a: number, b: number) => boolean {
  const words = Math.ceil(nodes.length / 32);
  let rows: readonly Bits[] | undefined;
  return (a, b) => {
    rows ??= bitsOf(rowsOf(nodes, sorted), words);
    const [first, second] = [rows[a], rows[b]];
    return first !== undefined && second !== undefined && differ(first, second, words);
  };
}

function differ(a: Bits, b: Bits, words: number): boolean {
  for (let word = 0; word < words; word++) {
    let inFirst = 0;
    let inSecond = 0;
    let other = 0;
    for (let at = word; at < a.length; at += words) {
      const x = a[at] ?? 0;
      const y = b[at] ?? 0;
      inFirst |= x;
      inSecond |= y;
      other |= x ^ y;
    }
    if ((inFirst & inSecond & other) !== 0) return true;
  }
  return false;
}

/** Several ways may lead to a task: sure is only what all of them have in common. */
function rowsOf(nodes: readonly Node[], sorted: readonly number[]): readonly Row[] {
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

function bitsOf(rows: readonly Row[], words: number): readonly Bits[] {
  const most = rows.reduce((sum, row) => row.reduce((all, way) => all | way, sum), 0);
  const planes = 32 - Math.clz32(most);
  return rows.map((row) => {
    const bits = new Uint32Array(words * planes);
    for (const [i, way] of row.entries()) {
      for (let plane = 0; way >> plane > 0; plane++) {
        const at = plane * words + (i >> 5);
        bits[at] = (bits[at] ?? 0) | (((way >> plane) & 1) << (i & 31));
      }
    }
    return bits;
  });
}
