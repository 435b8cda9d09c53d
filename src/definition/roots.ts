import type { Clause, List, Node } from './outline.ts';
import { isText } from './outline.ts';

/** Where an expression stands: in a field of a task or of one of its clauses; without a task, of the definition. */
type Spot = { readonly node: Node | undefined; readonly field: string; readonly clause?: Clause };

const EVERYWHERE = ['input', 'execution', 'vars', 'tasks'];

/** How each root that isn't there everywhere comes to be. */
export const WHERE_ROOTS_HOLD: ReadonlyMap<string, string> = new Map([
  ['item', 'It holds inside a foreach.'],
  ['index', "It holds inside a foreach or a loop, and in a loop's 'while' and 'until'."],
  ['result', "It holds in a task's 'output' and 'compensate', and in a loop's 'while' and 'until'."],
  ['error', "It holds in a 'catch': in its 'when' and in its tasks."],
  ['event', "It holds in an event's 'where'."],
  ['approval', "It holds in the 'with' of an approval's 'reminders'."],
]);

/** Roots that hold in one field of one type of task only. */
const IN_FIELDS: ReadonlyMap<string, readonly string[]> = new Map([
  ['loop while', ['index', 'result']],
  ['loop until', ['index', 'result']],
  ['event where', ['event']],
  ['approval reminders', ['approval']],
]);

/** The roots an expression may read where it stands. */
export function rootsAt(spot: Spot): readonly string[] {
  const { node, field, clause } = spot;
  if (!node) return field === 'vars' ? ['input', 'execution'] : EVERYWHERE;
  const around = listsAround(node);
  const hasResult = field === 'compensate' || (field === 'output' && node.type !== 'end');
  const roots = [
    ...EVERYWHERE,
    ...(around.some(({ owner }) => owner?.type === 'foreach') ? ['item', 'index'] : []),
    ...(around.some(({ owner }) => owner?.type === 'loop') ? ['index'] : []),
    ...((clause !== undefined && node.type === 'try') || around.some(isCatch) ? ['error'] : []),
    ...(hasResult ? ['result'] : []),
    ...(IN_FIELDS.get(`${node.type} ${field}`) ?? []),
    ...namesAt(spot),
  ];
  return [...new Set(roots)];
}

/** What `as` names where an expression stands: the items and errors of what is around it. */
export function namesAt({ node, clause }: Spot): readonly string[] {
  if (!node) return [];
  const own = clause?.fields['as'];
  return [...namesAround(node), ...(node.type === 'try' && isText(own) ? [own] : [])];
}

/** What `as` names in the tasks around a task, from the outside. */
export function namesAround(node: Node): readonly string[] {
  return listsAround(node)
    .map(
      (list) => (list.owner?.type === 'foreach' ? list.owner : isCatch(list) ? list.clause : undefined)?.fields['as'],
    )
    .filter(isText)
    .reverse();
}

function isCatch({ owner, clause }: List): boolean {
  return owner?.type === 'try' && clause !== undefined;
}

/** The lists a task is in, from the inside. */
function listsAround({ list }: Node): readonly List[] {
  return list.owner ? [list, ...listsAround(list.owner)] : [list];
}
