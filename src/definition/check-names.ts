import type { List, Node } from './outline.ts';
import { walk } from './outline.ts';
import { inside } from './pointer.ts';
import type { Problems } from './problems.ts';

/** Bytes; Temporal refuses activity ids over it. */
const LONGEST_PATH = 1_000;
/** Room for `[999999]`. */
const INDEX = '[999999]'.length;
/** The same for what is done again by `next`, and for what is called beside the task itself. */
const VISIT = '~10001'.length;
const CALLS: ReadonlyMap<string, number> = new Map([
  ['compensate', '~compensate'.length],
  ['reminders', '~reminder999999'.length],
]);

/** Ids are unique, and no path gets too long; gives the tasks by id. */
export function checkNames(top: List, problems: Problems): ReadonlyMap<string, Node> {
  const byId = new Map<string, Node>();
  for (const node of walk(top)) {
    const { id, pointer } = node;
    const first = byId.get(id);
    if (first) {
      const message = `'${id}' is the id of another task, at ${problems.originOf(first.pointer)}.`;
      problems.add({ code: 'TASK_ID_DUPLICATE', pointer: inside(pointer, 'id'), message });
    } else if (id !== '') {
      byId.set(id, node);
    }
    checkPath(node, problems);
  }
  return byId;
}

function checkPath(node: Node, problems: Problems): void {
  const calls = [...CALLS].map(([field, length]) => (node.fields[field] === undefined ? 0 : length));
  const length = pathLength(node) + Math.max(...calls);
  // What is in it has a longer one: the first says it.
  if (length <= LONGEST_PATH || (node.list.owner && pathLength(node.list.owner) > LONGEST_PATH)) return;
  const message = `The path of '${node.id}' has ${length} characters with its indexes, at most ${LONGEST_PATH} are allowed.`;
  problems.add({ code: 'PATH_TOO_LONG', pointer: node.pointer, message, hint: 'Use shorter ids, or fewer levels.' });
}

function pathLength({ id, list: { owner, name, jumps } }: Node): number {
  const own = 1 + id.length + (jumps ? VISIT : 0);
  if (!owner) return own;
  const index = owner.type === 'foreach' || owner.type === 'loop' ? INDEX : 0;
  return own + index + (owner.type === 'parallel' ? 1 + name.length : 0) + pathLength(owner);
}
