import type { Reads } from './check-expressions.ts';
import type { Orders } from './order.ts';
import type { List, Node } from './outline.ts';
import { isObject } from './outline.ts';
import { inside } from './pointer.ts';
import type { Problems } from './problems.ts';

/** One place where a task, or one in it, sets or reads a variable that it shares with its siblings. */
type Use = { readonly name: string; readonly sets: boolean; readonly pointer: string };

/** Two tasks that may run beside each other must not set, or set and read, one variable. */
export function checkVariables(orders: Orders, reads: ReadonlyMap<Node | undefined, Reads>, problems: Problems): void {
  const known = new Map<Node, readonly Use[]>();
  for (const [list, { precedes, after }] of orders) {
    const isPlain = after.every((before, i) => i === 0 || (before.length === 1 && before[0] === i - 1));
    if (!isPlain) checkList(list, precedes);
  }

  function checkList({ nodes }: List, precedes: (earlier: number, later: number) => boolean): void {
    const uses = nodes.flatMap((node, index) => usesOf(node).map((use) => ({ ...use, index })));
    const byName = new Map<string, (typeof uses)[number][]>();
    for (const use of uses) {
      const same = byName.get(use.name);
      if (same) same.push(use);
      else byName.set(use.name, [use]);
    }
    for (const set of uses.filter(({ sets }) => sets)) {
      for (const other of [...(byName.get(set.name) ?? []), ...(byName.get('*') ?? [])]) {
        if (problems.isFull()) return;
        const isSame = other.index === set.index || (other.sets && other.index < set.index);
        if (isSame || precedes(set.index, other.index) || precedes(other.index, set.index)) continue;
        const [a, b] = [nodes[set.index]?.id ?? '', nodes[other.index]?.id ?? ''];
        problems.add({
          code: 'VARIABLE_CONFLICT',
          pointer: other.pointer,
          message: `'${a}' sets $vars.${set.name} while '${b}' may ${other.sets ? 'set' : 'read'} it: nothing says which comes first.`,
          hint: `Add '${a}' to the dependencies of '${b}', or the other way round.`,
        });
      }
    }
  }

  /** Branches and iterations have copies: what is set there stays there. */
  function usesOf(node: Node): readonly Use[] {
    const found = known.get(node) ?? collect(node);
    known.set(node, found);
    return found;
  }

  function collect(node: Node): readonly Use[] {
    const vars = node.type === 'set' ? node.fields['vars'] : undefined;
    const own = (reads.get(node)?.vars ?? []).map((read) => ({ ...read, sets: false }));
    const set = Object.keys(isObject(vars) ? vars : {}).map((name) => ({
      name,
      sets: true,
      pointer: inside(node.pointer, 'vars', name),
    }));
    const inner = node.lists.flatMap(({ nodes }) => nodes.flatMap(usesOf));
    const hasCopies = node.type === 'parallel' || node.type === 'foreach';
    return [...own, ...set, ...(hasCopies ? inner.filter(({ sets }) => !sets) : inner)];
  }
}
