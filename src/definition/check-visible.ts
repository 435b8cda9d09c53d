import { didYouMean } from './nearest.ts';
import type { Orders } from './order.ts';
import type { List, Node } from './outline.ts';
import type { Problems } from './problems.ts';
import type { Place } from './read-expressions.ts';

/** Where a task is looked up, and what runs before what. */
export type Scene = { readonly top: List; readonly orders: Orders; readonly byId: ReadonlyMap<string, Node> };

/** `$tasks` holds what has surely ended: earlier siblings, and those of every list around. */
export function checkVisible(id: string, place: Place, scene: Scene, problems: Problems): void {
  const why = whyHidden(id, place.node, scene);
  if (!why) return;
  const part = place.offset + place.expression.indexOf(`.${id}`) + 1;
  problems.add({ code: 'TASK_NOT_VISIBLE', pointer: place.pointer, part, ...why });
}

function whyHidden(
  id: string,
  reader: Node | undefined,
  { top, orders, byId }: Scene,
): { readonly message: string; readonly hint?: string } | undefined {
  const target = byId.get(id);
  if (!target) return { message: `There is no task '${id}'.`, ...didYouMean(id, byId.keys()) };
  if (!reader && target.list === top) return undefined;
  const beside = reader && around(reader).find(({ list }) => list === target.list);
  if (!beside) {
    const mine = reader ? around(reader) : [];
    const outer = around(target).find(({ list }) => list === top || mine.some((node) => node.list === list));
    const hint = outer && !mine.includes(outer) ? { hint: `Read the output of '${outer.id}', which it is in.` } : {};
    return { message: `'${id}' is inside another task and not seen from here.`, ...hint };
  }
  if (target === reader)
    return { message: `'${id}' can't read itself.`, hint: "Its 'output' and 'compensate' may read $result." };
  if (target === beside) return { message: `'${id}' is still running here: '${reader.id}' is inside it.` };
  if (orders.get(target.list)?.precedes(target.index, beside.index) === true) return undefined;
  const isLater = orders.get(target.list)?.precedes(beside.index, target.index) === true;
  if (isLater) return { message: `'${id}' runs after '${beside.id}'.` };
  const message = `'${id}' may not have ended when '${beside.id}' starts.`;
  return { message, hint: `Let '${beside.id}' wait for '${id}': by its dependencies, or by an edge of a graph.` };
}

/** A task and all it is in, from the inside. */
function around(node: Node): readonly Node[] {
  const { owner } = node.list;
  return owner ? [node, ...around(owner)] : [node];
}
