import { LEAVE } from './flow.ts';
import { didYouMean } from './nearest.ts';
import { dependenciesOf } from './order.ts';
import type { List, Node } from './outline.ts';
import { isText } from './outline.ts';
import { inside } from './pointer.ts';
import type { Problems } from './problems.ts';
import type { Stops } from './stops.ts';
import { hasExpression } from './template-text.ts';

/** A list with `next` runs in order, jumps to siblings, reaches all its tasks, and comes to an end. */
export function checkJumps(list: List, stops: Stops, byId: ReadonlyMap<string, Node>, problems: Problems): void {
  const { nodes } = list;
  if (nodes.some((node) => dependenciesOf(node) !== undefined)) {
    for (const node of nodes) if (node.fields['next'] !== undefined) refuseBesideDependencies(node, problems);
    return;
  }
  const siblings = new Set(nodes.map(({ id }) => id));
  for (const node of nodes) {
    if (problems.isFull()) return;
    checkNext(node, siblings, stops, byId, problems);
  }
  const { reached, ends } = stops.flowIn(list);
  for (const [i, node] of nodes.entries()) {
    const above = nodes[i - 1];
    if (above && reached.has(i - 1) && !reached.has(i)) reportUnreached(node, above, problems);
  }
  if (!ends) reportEndless(list, reached, problems);
}

function refuseBesideDependencies({ pointer }: Node, problems: Problems): void {
  problems.add({
    code: 'FIELD_MISPLACED',
    pointer: inside(pointer, 'next'),
    part: 'key',
    message: "'next' jumps in a list that runs in order; in this one 'dependencies' say what comes when.",
  });
}

function checkNext(
  node: Node,
  siblings: ReadonlySet<string>,
  { endsWhenRun }: Stops,
  byId: ReadonlyMap<string, Node>,
  problems: Problems,
): void {
  const { next } = node.fields;
  if (!isText(next) || next === '') return;
  const pointer = inside(node.pointer, 'next');
  if (endsWhenRun(node)) {
    const message = `Nothing comes after '${node.id}': it always ends or fails.`;
    problems.add({ code: 'FIELD_MISPLACED', pointer, part: 'key', message });
  } else if (next === LEAVE && siblings.has(LEAVE)) {
    const message = `'${LEAVE}' leaves the list, and is the id of a task in it.`;
    problems.add({ code: 'FIELD_INVALID', pointer, message, hint: 'Give that task another id.' });
  } else if (next !== LEAVE && !siblings.has(next)) {
    const message = `There is no task '${next}' beside '${node.id}'.`;
    const advice = { hint: `'next' names a sibling, or ${LEAVE} to leave the list; no expression chooses it.` };
    const isFar = byId.has(next) || hasExpression(next);
    const near = isFar ? {} : didYouMean(next, [...siblings, LEAVE]);
    problems.add({ code: 'TASK_UNKNOWN', pointer, message, ...advice, ...near });
  }
}

function reportUnreached(node: Node, above: Node, problems: Problems): void {
  const { next } = above.fields;
  const why = !isText(next)
    ? `nothing goes on after '${above.id}'`
    : next === LEAVE
      ? `'${above.id}' leaves the list`
      : `'${above.id}' goes on to '${next}'`;
  problems.add({
    code: 'TASK_UNREACHABLE',
    pointer: node.pointer,
    message: `'${node.id}' can never run: ${why}, and no 'next' leads here.`,
    hint: `Give '${above.id}' an 'if', or let the 'next' of a task that runs name '${node.id}'.`,
  });
}

/** Told at the last of the jumps that lead back. */
function reportEndless({ nodes, pointer }: List, reached: ReadonlySet<number>, problems: Problems): void {
  const last = nodes.findLast(({ fields }, i) => reached.has(i) && fields['next'] !== undefined);
  problems.add({
    code: 'LIST_NEVER_ENDS',
    pointer: last ? inside(last.pointer, 'next') : pointer,
    message: 'Nothing leaves this list: whatever it does, it goes on.',
    hint: `Give a task that jumps back an 'if', or let one say 'next: ${LEAVE}'.`,
  });
}
