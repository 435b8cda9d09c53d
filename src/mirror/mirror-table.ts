import type { MirrorRow } from './mirror-row.ts';
import { compareOrder } from './mirror-row.ts';

/**
 * How the rows of a table are merged, here and in PostgreSQL alike, so that any order, repetition and batching of the
 * same writes ends in the same row: what stands in no list below is taken from the greatest write.
 */
export type Upserted = {
  readonly name: string;
  readonly key: readonly string[];
  /** SQL types of all columns but the order's. */
  readonly types: { readonly [column: string]: string };
  /** Set once, the same in all writes. */
  readonly constant: readonly string[];
  readonly least: readonly string[];
  readonly greatest: readonly string[];
  /** Columns that a write may leave out together: each group is taken from the greatest write that gives it. */
  readonly groups: { readonly [group: string]: readonly string[] };
  /** `attempt` shows the greatest seen, whatever write won. */
  readonly showsGreatestAttempt: boolean;
  /** Set to now() when the row changes. */
  readonly touched: readonly string[];
};

/** The row that both writes end in. */
export function mergeRows(table: Upserted, a: MirrorRow, b: MirrorRow): MirrorRow {
  const [lesser, greater] = compareOrder(a.order, b.order) < 0 ? [a, b] : [b, a];
  const values = { ...greater.values };
  const givenAt = { ...greater.givenAt };
  for (const column of table.least) values[column] = pick(lesser, greater, column, (x, y) => x < y);
  for (const column of greatestOf(table)) values[column] = pick(lesser, greater, column, (x, y) => x > y);
  for (const [group, columns] of Object.entries(table.groups)) {
    const given = lesser.givenAt[group];
    if (given === undefined || compareOrder(givenAt[group], given) >= 0) continue;
    givenAt[group] = given;
    for (const column of columns) values[column] = lesser.values[column] ?? null;
  }
  return { key: greater.key, order: greater.order, values, givenAt };
}

/** Columns of which the greatest value is kept. */
export function greatestOf(table: Upserted): readonly string[] {
  return table.showsGreatestAttempt ? [...table.greatest, 'attempt'] : table.greatest;
}

type Scalar = string | number | boolean;

function pick(a: MirrorRow, b: MirrorRow, column: string, isBetter: (x: Scalar, y: Scalar) => boolean): Scalar | null {
  const x = a.values[column] ?? null;
  const y = b.values[column] ?? null;
  if (x === null || y === null) return x ?? y;
  return isBetter(x, y) ? x : y;
}

/** The row as PostgreSQL takes it, with what its columns can't show (see {@link upsertSql}) in `field_orders`. */
export function toRecord(table: Upserted, { order, values, givenAt }: MirrorRow): { [column: string]: unknown } {
  const [epoch, authority, ord, attempt, stateRank] = order;
  const record: { [column: string]: unknown } = { epoch, authority, ord, attempt, state_rank: stateRank };
  // What is left out is null there, too.
  for (const column in values) if (values[column] !== null) record[column] = values[column];
  const hidden: { [field: string]: unknown } = {};
  for (const [group, columns] of Object.entries(table.groups)) {
    const isEmpty = columns.every((column) => (values[column] ?? null) === null);
    const implied = isEmpty ? undefined : order;
    if (compareOrder(givenAt[group], implied) !== 0) hidden[group] = givenAt[group] ?? [];
  }
  if (record['attempt'] !== attempt) hidden['attempt'] = attempt;
  const { start_time: start = null, end_time: end = null } = values;
  if (start !== null && end !== null && end < start) {
    hidden['end'] = Date.parse(String(end));
    record['end_time'] = start;
  }
  if (Object.keys(hidden).length > 0) record['field_orders'] = JSON.stringify(hidden);
  return record;
}
