import type { Json } from '../contract.ts';
import type { Gate } from '../plan/plan.ts';
import type { Reads } from './check-expressions.ts';
import type { Orders } from './order.ts';
import type { List, Node } from './outline.ts';
import { walk } from './outline.ts';

/** Tasks during which something may come from outside. */
const CLOCKS: ReadonlySet<string> = new Set(['wait', 'approval', 'event', 'sub_workflow']);

/** What is decided about a task by what stands around it. */
export type Decision = {
  /** Ids of the siblings it waits for. */
  readonly after: readonly string[];
  /** Ways that lead to it; none where it is always reached. */
  readonly gates: readonly Gate[];
  /** Whether any expression, or a list's output that somebody may read, can read its output. */
  readonly keep: boolean;
  /** Whether a timer, people, an event, a child or the end of a race may come while it runs. */
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
    const { list, index } = node;
    if (read.has(node.id) || reads.get(node)?.results.has('compensate') === true) return true;
    return mayBeLast(list, index) && isOutputRead(list);
  }

  /** A list's output is that of the task that ended last. */
  function isOutputRead({ owner, name }: List): boolean {
    if (!owner) return body['output'] === undefined;
    if (owner.fields['collect'] === 'none' || (owner.type === 'try' && name === 'finally')) return false;
    const results = reads.get(owner)?.results;
    if (results?.has('while') === true || results?.has('until') === true) return true;
    return owner.fields['output'] === undefined ? isKept(owner) : results?.has('output') === true;
  }

  function isBesideClock(node: Node): boolean {
    if (node.fields['totalTimeout'] !== undefined || hasClockSibling(node)) return true;
    const { owner } = node.list;
    if (!owner) return false;
    if (isRace(owner)) return true;
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

/** With jumps any task may be the last. */
function mayBeLast({ nodes, jumps }: List, index: number): boolean {
  return jumps || index === nodes.length - 1;
}

function isClock(node: Node): boolean {
  return CLOCKS.has(node.type) || node.fields['totalTimeout'] !== undefined || isRace(node);
}

/** Whether some of its branches are cancelled when others have succeeded. */
function isRace({ type, fields: { join } }: Node): boolean {
  return type === 'parallel' && join !== undefined && join !== 'all';
}
