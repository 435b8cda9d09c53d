import { flowOf, maySkip } from './flow.ts';
import type { Flow } from './flow.ts';
import type { Orders } from './order.ts';
import type { List, Node } from './outline.ts';
import { isObject } from './outline.ts';

/** What is known of where tasks and lists go on. */
export type Stops = {
  /** Whether nothing after a task ever runs: whichever way it goes, it ends or fails. */
  readonly isStop: (node: Node) => boolean;
  /** The same where it isn't skipped. */
  readonly endsWhenRun: (node: Node) => boolean;
  /** Where a list with jumps goes. */
  readonly flowIn: (list: List) => Flow;
};

export function createStops(orders: Orders): Stops {
  const known = new Map<Node, boolean>();
  const flows = new Map<List, Flow>();
  return { isStop, endsWhenRun, flowIn };

  function isStop(node: Node): boolean {
    return !maySkip(node) && endsWhenRun(node);
  }

  function endsWhenRun(node: Node): boolean {
    const found = known.get(node) ?? decide(node);
    known.set(node, found);
    return found;
  }

  function flowIn(list: List): Flow {
    const found = flows.get(list) ?? flowOf(list, endsWhenRun);
    flows.set(list, found);
    return found;
  }

  function listStops(list: List): boolean {
    const order = orders.get(list);
    // What is wrong with it is told of itself.
    if (!order || order.cycles.length > 0) return false;
    if (!list.jumps || !order.isPlain) return list.nodes.some(isStop);
    const { leaves, ends } = flowIn(list);
    return ends && !leaves;
  }

  function decide({ type, fields, lists }: Node): boolean {
    // Whatever fails in it, even its expressions, is kept and the list goes on.
    if (fields['onError'] === 'continue') return false;
    if (type === 'end' || type === 'fail') return true;
    if (type === 'sequential') return lists.some(listStops);
    if (type === 'condition') return lists.length === 2 && lists.every(listStops);
    if (type === 'switch') return fields['default'] !== undefined && lists.every(listStops);
    if (type === 'loop') return fields['while'] === undefined && lists.some(listStops);
    if (type === 'parallel') return lists.filter((list) => !listStops(list)).length < neededOf(fields['join'], lists);
    if (type !== 'try') return false;
    const last = lists.find(({ name }) => name === 'finally');
    const [tasks, ...clauses] = lists.filter((list) => list !== last);
    return (last !== undefined && listStops(last)) || (tasks?.name === 'tasks' && [tasks, ...clauses].every(listStops));
  }
}

/** How many branches of a parallel must succeed. */
function neededOf(join: Node['fields'][string] | undefined, lists: readonly List[]): number {
  if (join === 'any') return 1;
  const count = isObject(join) ? join['count'] : undefined;
  return typeof count === 'number' ? Math.min(count, lists.length) : lists.length;
}
