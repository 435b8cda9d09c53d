import { Problem } from '../problem.ts';

type Position = { readonly order: number; readonly path: string };

/**
 * Where to go on in a list of tasks, which stand in the order of their definition.
 * @throws Problem MALFORMED when it is none of ours
 */
export function readTaskCursor(cursor: string | undefined): Position | undefined {
  if (cursor === undefined) return undefined;
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    const [order, path] = Array.isArray(parts) ? (parts as unknown[]) : [];
    if (typeof order === 'number' && Number.isInteger(order) && Math.abs(order) < 2 ** 31 && isPath(path)) {
      return { order, path };
    }
  } catch {
    // Not JSON: the same answer as for any other text.
  }
  throw new Problem('MALFORMED', 'The cursor is not one that a list gave.', {
    errors: [{ pointer: '/query/cursor', code: 'CURSOR_INVALID', message: 'Use `nextCursor` of the page before.' }],
  });
}

function isPath(value: unknown): value is string {
  return typeof value === 'string' && value.isWellFormed() && !value.includes('\0');
}

/** One page of tasks from rows read with `limit + 1`. */
export function taskPage<Row extends Position, Item>(
  rows: readonly Row[],
  limit: number,
  item: (row: Row) => Item,
): { readonly items: Item[]; readonly nextCursor: string | null } {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const isMore = rows.length > limit && last !== undefined;
  return {
    items: shown.map(item),
    nextCursor: isMore ? Buffer.from(JSON.stringify([last.order, last.path])).toString('base64url') : null,
  };
}
