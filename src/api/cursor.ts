import { Problem } from '../problem.ts';

/** Where a page ended: the row's time as PostgreSQL wrote it (a JS Date would lose the microseconds) and its id. */
export type Position = { readonly at: string; readonly id: string };

const TIME = /^(\d{4}-\d\d-\d\d) ((?:[01]\d|2[0-3]):\d\d:\d\d(?:\.\d{1,6})?)([+-](?:0\d|1[0-5]))(:\d\d)?$/;

/** An opaque cursor; {@link readCursor} reads it. */
export function writeCursor(position: Position): string {
  return Buffer.from(JSON.stringify([position.at, position.id])).toString('base64url');
}

/**
 * Where to go on; `id` is what the list's ids look like.
 * @throws Problem MALFORMED when it is none of ours
 */
export function readCursor(cursor: string | undefined, id = /^[^\0]{1,8000}$/): Position | undefined {
  if (cursor === undefined) return undefined;
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    const [at, last] = Array.isArray(parts) ? (parts as unknown[]) : [];
    if (isTime(at) && typeof last === 'string' && id.test(last)) return { at, id: last };
  } catch {
    // Not JSON: the same answer as for any other text.
  }
  throw new Problem('MALFORMED', 'The cursor is not one that a list gave.', {
    errors: [{ pointer: '/query/cursor', code: 'CURSOR_INVALID', message: 'Use `nextCursor` of the page before.' }],
  });
}

/** One page of a list from rows read with `limit + 1`: its items, and the cursor of the next page where there is one. */
export function page<Row extends Position, Item>(
  rows: readonly Row[],
  limit: number,
  item: (row: Row) => Item,
): { readonly items: Item[]; readonly nextCursor: string | null } {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { items: shown.map(item), nextCursor: rows.length > limit && last ? writeCursor(last) : null };
}

/** One that PostgreSQL takes: Date would turn 30 February into March, and knows a year 0. */
function isTime(value: unknown): value is string {
  const [, date, time, zone, minutes = ':00'] =
    (typeof value === 'string' ? TIME.exec(value) : null) ?? ([] as (string | undefined)[]);
  if (date === undefined || date.startsWith('0000')) return false;
  const midnight = Date.parse(`${date}T00:00:00Z`);
  if (Number.isNaN(midnight) || new Date(midnight).toISOString().slice(0, 10) !== date) return false;
  return !Number.isNaN(Date.parse(`${date}T${time ?? ''}${zone ?? ''}${minutes}`));
}
