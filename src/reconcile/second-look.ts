import type { RunEnd } from '../mirror/close-executions.ts';
import type { Database } from '../store/database.ts';
import { closeRows } from './close-rows.ts';

/**
 * A worker that doesn't know that its execution was ended writes on: rows that come in after the close are closed
 * later, twice.
 */
export type SecondLook = {
  readonly add: (end: RunEnd) => void;
  /** @throws Problem DATABASE_UNAVAILABLE */
  readonly run: () => Promise<void>;
};

/** After the end of what a worker has on its way, and after that of an attempt that it doesn't break off. ms */
const AFTER_MS = [5_000, 90_000];
/** More than these are not kept in mind. */
const MOST = 10_000;

export function createSecondLook(database: Database): SecondLook {
  let waiting: { readonly end: RunEnd; readonly at: number }[] = [];
  return {
    add: (end) => {
      if (waiting.length < MOST) waiting.push(...AFTER_MS.map((ms) => ({ end, at: Date.now() + ms })));
    },
    run: async () => {
      const due = waiting.filter(({ at }) => at <= Date.now());
      if (due.length === 0) return;
      await closeRows(
        database,
        due.map(({ end }) => end),
      );
      waiting = waiting.filter((one) => !due.includes(one));
    },
  };
}
