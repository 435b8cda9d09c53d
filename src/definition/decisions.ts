import type { Json } from '../contract.ts';
import type { Gate } from '../plan/plan.ts';
import type { Reads } from './check-expressions.ts';
import type { Orders } from './order.ts';
import type { List, Node } from './outline.ts';
import { walk } from './outline.ts';

/** What is decided about a task by what stands around it. */
export type Decision = {
  /** Ids of the siblings it waits for. */
  readonly after: readonly string[];
  /** Ways that lead to it; none where it is always reached. */
  readonly gates: readonly Gate[];
  /** Whether any expression, or a list's output that somebody may read, can read its output. */
  readonly keep: boolean;
  /** Whether a timer or people may do something while it runs. */
  readonly hasClockBeside: boolean;
};

/** By task id; of a definition without problems. */
export function decide(
  top: List,
  body: { readonly [field: string]: Json },
  orders: Orders,
  reads: ReadonlyMap<Node | undefined, Reads>,
): ReadonlyMap<string, Decision> {
  const read = new Set([...reads.values()].flatMap(({ tasks }) => tasks));
  const clocks = new Set<Node>();
  for (const node of walk(top)) {
    if (isClock(node)) for (let at: Node | undefined = node; at; at = at.list.owner) clocks.add(at);
  }
  const clocksIn = new Map([...orders.keys()].map((list) => [list, list.nodes.filter((node) => clocks.has(node))]));
  return new Map(
    [...walk(top)].map((node) => [
      node.id,
      {
        after: afterOf(node),
        gates: node.gates,
        keep: isKept(node),
        hasClockBeside: node.type === 'executor' && isBesideClock(node),
      },
    ]),
  );

  function afterOf({ list, index }: Node): readonly string[] {
    return (orders.get(list)?.after[index] ?? []).map((before) => list.nodes[before]?.id ?? '');
  }

  function isKept(node: Node): boolean {
    return read.has(node.id) || (node.index === node.list.nodes.length - 1 && isOutputRead(node.list));
  }

  /** A list's output is its last task's. */
  function isOutputRead({ owner }: List): boolean {
    if (!owner) return body['output'] === undefined;
    if (owner.fields['collect'] === 'none') return false;
    return owner.fields['output'] === undefined ? isKept(owner) : reads.get(owner)?.result === true;
  }

  function isBesideClock(node: Node): boolean {
    if (node.fields['totalTimeout'] !== undefined || hasClockSibling(node)) return true;
    const { owner } = node.list;
    if (!owner) return false;
    const isWide = owner.fields['maxConcurrency'] !== 1;
    const beside =
      owner.type === 'parallel'
        ? owner.lists.filter((list) => list !== node.list)
        : owner.type === 'foreach'
          ? owner.lists
          : [];
    return (isWide && beside.some((list) => clocksIn.get(list)?.length !== 0)) || isBesideClock(owner);
  }

  function hasClockSibling({ list, index }: Node): boolean {
    const order = orders.get(list);
    return (clocksIn.get(list) ?? []).some(
      (sibling) =>
        sibling.index !== index &&
        order?.precedes(sibling.index, index) !== true &&
        order?.precedes(index, sibling.index) !== true,
    );
  }
}

function isClock({ type, fields }: Node): boolean {
  return type === 'wait' || type === 'approval' || fields['totalTimeout'] !== undefined;
}
