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
  if (a === b) return 0;
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

/** Key of the execution that all are about; undefined where they are about several. */
export function soleKeyOf([first, ...others]: readonly Subject[]): string | undefined {
  if (first === undefined) return undefined;
  const isSole = others.every(
    ({ tenant, executionId }) => executionId === first.executionId && tenant === first.tenant,
  );
  return isSole ? keyOf(first) : undefined;
}

/** What was written last: much happens in the same ms. */
let last = { ms: 0, text: new Date(0).toISOString() };

/** @throws RangeError when it is no time */
export function timeOf(ms: number | null): string | null {
  if (ms === null) return null;
  if (ms !== last.ms) last = { ms, text: new Date(ms).toISOString() };
  return last.text;
}

/** When it ended, and not before it started. @throws RangeError when that is no time */
export function endOf(fact: { readonly startedAt: number | null; readonly endedAt: number | null }): string | null {
  const { startedAt, endedAt } = fact;
  return timeOf(endedAt === null || startedAt === null ? endedAt : Math.max(endedAt, startedAt));
}
