import type { Order, Subject } from './record.ts';

/** Epoch, authority, ord, attempt, state rank: of two writes to one row the greater wins. */
export type OrderKey = readonly [number, number, number, number, number];
/** Times are ISO 8601, JSON columns JSON text. */
export type Value = string | number | boolean | null;

/** One write to one row of the mirror. */
export type MirrorRow = {
  /** Unique in its table, and the order in which rows are locked. */
  readonly key: string;
  readonly order: OrderKey;
  readonly values: { readonly [column: string]: Value };
  /** Order of the write each group of columns came from; a group that no write has given is missing. */
  readonly givenAt: { readonly [group: string]: OrderKey };
};

/** Of what nothing else is known than that it is there: any other write is greater. */
export const NO_ORDER: OrderKey = [0, 0, 0, 0, 0];

export function orderOf({ epoch, authority, ord, attempt, stateRank }: Order): OrderKey {
  return [epoch, authority, ord, attempt, stateRank];
}

/** Negative when `a` is less; a missing one is less than any. */
export function compareOrder(a: OrderKey | undefined, b: OrderKey | undefined): number {
  if (!a || !b) return (a ? 1 : 0) - (b ? 1 : 0);
  for (let part = 0; part < 5; part++) {
    const difference = (a[part] ?? 0) - (b[part] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Joined by what no stored text holds. */
export function keyOf({ tenant, executionId }: Subject, ...more: readonly (string | number)[]): string {
  return [tenant, executionId, ...more].join('\0');
}

/** What was written last: much happens in the same ms. */
let last = { ms: 0, text: new Date(0).toISOString() };

/** @throws RangeError when it is no time */
export function timeOf(ms: number | null): string | null {
  if (ms === null) return null;
  if (ms !== last.ms) last = { ms, text: new Date(ms).toISOString() };
  return last.text;
}

/** Times with the end clamped to the start. @throws RangeError when one is no time */
export function timesOf(fact: { readonly startedAt: number | null; readonly endedAt: number | null }): {
  readonly start_time: string | null;
  readonly end_time: string | null;
} {
  const { startedAt, endedAt } = fact;
  const end = endedAt === null || startedAt === null ? endedAt : Math.max(endedAt, startedAt);
  return { start_time: timeOf(startedAt), end_time: timeOf(end) };
}
