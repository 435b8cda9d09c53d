import { checkJumps } from './check-jumps.ts';
import { didYouMean } from './nearest.ts';
import { dependenciesOf } from './order.ts';
import type { Orders } from './order.ts';
import type { List, Node } from './outline.ts';
import { isList } from './outline.ts';
import { inside } from './pointer.ts';
import type { Problems } from './problems.ts';
import { createStops } from './stops.ts';

/** Of a cycle's tasks, in its message. */
const MOST_SHOWN = 12;

/** Dependencies are siblings, nothing waits for itself, and every task can run. */
export function checkOrder(orders: Orders, byId: ReadonlyMap<string, Node>, problems: Problems): void {
  const stops = createStops(orders);
  for (const [list, { after, cycles }] of orders) {
    checkDependencies(list, byId, problems);
    for (const cycle of cycles) reportCycle(list, cycle, problems);
    if (list.jumps) checkJumps(list, stops, byId, problems);
    if (list.jumps || cycles.length > 0) continue;
    for (const [i, node] of list.nodes.entries()) {
      const stop = after[i]?.map((index) => list.nodes[index]).find((before) => before && stops.isStop(before));
      if (!stop) continue;
      const message = `'${node.id}' can never run: nothing goes on after '${stop.id}'.`;
      problems.add({
        code: 'TASK_UNREACHABLE',
        pointer: node.pointer,
        message,
        hint: `Give '${stop.id}' an 'if', or put it into a condition.`,
      });
    }
  }
}

function checkDependencies({ nodes }: List, byId: ReadonlyMap<string, Node>, problems: Problems): void {
  const siblings = new Set(nodes.map(({ id }) => id).filter((id) => id !== ''));
  for (const node of nodes) {
    for (const id of dependenciesOf(node) ?? []) {
      if (problems.isFull()) return;
      if (siblings.has(id)) continue;
      const { dependencies } = node.fields;
      const pointer = inside(node.pointer, 'dependencies', isList(dependencies) ? dependencies.indexOf(id) : 0);
      const message = `There is no task '${id}' beside '${node.id}'.`;
      const isElsewhere = byId.has(id);
      const advice = isElsewhere
        ? { hint: `'${id}' is in another list; dependencies name siblings.` }
        : didYouMean(id, siblings);
      problems.add({ code: 'TASK_UNKNOWN', pointer, message, ...advice });
    }
  }
}

function reportCycle({ nodes }: List, cycle: readonly number[], problems: Problems): void {
  const first = Math.min(...cycle);
  const at = cycle.indexOf(first);
  const ids = [...cycle.slice(at), ...cycle.slice(0, at), first].map((index) => nodes[index]?.id ?? '');
  const shown = ids.length > MOST_SHOWN ? [...ids.slice(0, MOST_SHOWN), '…', ids.at(-1)] : ids;
  const node = nodes[first];
  if (!node) return;
  const pointer = node.fields['dependencies'] === undefined ? node.pointer : inside(node.pointer, 'dependencies');
  const message =
    cycle.length === 1 ? `'${node.id}' waits for itself.` : `They wait for each other: ${shown.join(' → ')}.`;
  problems.add({ code: 'DEPENDENCY_CYCLE', pointer, message });
}
