import type { List, Node } from './outline.ts';
import { isText, walk } from './outline.ts';

/** The word that leaves a list, where a `next` names a task. */
export const LEAVE = 'end';

/** Whether it may be that a task doesn't run although it is its turn. */
export function maySkip({ type, fields, gates }: Node): boolean {
  return gates.length > 0 || (type !== 'condition' && fields['if'] !== undefined);
}

/** Where a list with jumps goes, from its first task on. */
export type Flow = {
  /** Positions of the tasks that may run. */
  readonly reached: ReadonlySet<number>;
  /** Whether what comes after the list may run. */
  readonly leaves: boolean;
  /** Whether it comes to an end at all: by leaving it, or by a task that ends or fails. */
  readonly ends: boolean;
};

/** @param endsWhenRun whether nothing goes on after a task that ran */
export function flowOf(list: List, endsWhenRun: (node: Node) => boolean): Flow {
  const { nodes } = list;
  const indexes = new Map(nodes.map(({ id }, i) => [id, i]));
  const reached = new Set<number>();
  const open = [0];
  let leaves = false;
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const node = nodes[at];
    if (!node) leaves = true;
    else if (!reached.has(at)) {
      reached.add(at);
      open.push(...waysOn(node, at));
    }
  }
  return { reached, leaves, ends: leaves || nodes.some((node, i) => reached.has(i) && mayEnd(node)) };

  /** Positions that may come next; behind the last one is outside. */
  function waysOn(node: Node, at: number): readonly number[] {
    const { next } = node.fields;
    const below = at + 1;
    const target = !isText(next) ? below : next === LEAVE ? nodes.length : (indexes.get(next) ?? below);
    return [...(maySkip(node) ? [below] : []), ...(endsWhenRun(node) ? [] : [target])];
  }
}

/** Whether something in a task, or itself, ends the execution or fails. */
function mayEnd(node: Node): boolean {
  const isEnd = ({ type }: Node) => type === 'end' || type === 'fail';
  return isEnd(node) || node.lists.some((list) => [...walk(list)].some(isEnd));
}
