import type { List, Node } from './outline.ts';
import { walk } from './outline.ts';
import { inside } from './pointer.ts';
import type { Problems } from './problems.ts';

/** Bytes; Temporal refuses activity ids over it. */
const LONGEST_PATH = 1_000;
/** Room for `[99999]`. */
const INDEX = 7;

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
  const length = pathLength(node);
  // What is in it has a longer one: the first says it.
  if (length <= LONGEST_PATH || (node.list.owner && pathLength(node.list.owner) > LONGEST_PATH)) return;
  const message = `The path of '${node.id}' has ${length} characters with its indexes, at most ${LONGEST_PATH} are allowed.`;
  problems.add({ code: 'PATH_TOO_LONG', pointer: node.pointer, message, hint: 'Use shorter ids, or fewer levels.' });
}

function pathLength({ id, list: { owner, branch } }: Node): number {
  const index = owner?.type === 'foreach' ? INDEX : 0;
  return 1 + id.length + index + (branch === undefined ? 0 : 1 + branch.length) + (owner ? pathLength(owner) : 0);
}
