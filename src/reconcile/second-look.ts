import type { RunEnd } from '../mirror/close-executions.ts';
import type { Database } from '../store/database.ts';
import { findStanding, listRecentEnds } from '../mirror/read-recent-ends.ts';
import { closeRows } from './close-rows.ts';

/**
 * A worker that doesn't know that its execution was ended writes on: rows that come in after the close are closed
 * later, twice.
 */
export type SecondLook = {
  /** Takes on what a process that is gone, or isn't the sweeper any more, had in mind. @throws Problem DATABASE_UNAVAILABLE */
  readonly inherit: () => Promise<void>;
  readonly add: (end: RunEnd) => void;
  /** @throws Problem DATABASE_UNAVAILABLE */
  readonly run: () => Promise<void>;
};

/** After the end of what a worker has on its way, and after that of an attempt that it doesn't break off. ms */
const AFTER_MS = [5_000, 90_000];
/** More than these are not kept in mind. */
const MOST = 10_000;
/** Closed in one transaction. */
const TOGETHER = 100;

export function createSecondLook(database: Database): SecondLook {
  let waiting: { readonly end: RunEnd; readonly at: number }[] = [];
  function add(end: RunEnd): void {
    if (waiting.length < MOST) waiting.push(...AFTER_MS.map((ms) => ({ end, at: Date.now() + ms })));
  }
  return {
    add,
    inherit: async () => {
      const seconds = Math.max(...AFTER_MS) / 1_000;
      const ends = await database.asEngine((session) => listRecentEnds(session, seconds, MOST / AFTER_MS.length));
      ends.forEach(add);
    },
    run: async () => {
      const due = waiting.filter(({ at }) => at <= Date.now());
      for (let from = 0; from < due.length; from += TOGETHER) {
        const some = due.slice(from, from + TOGETHER).map(({ end }) => end);
        const standing = await database.readAsEngine((session) => findStanding(session, some));
        if (standing.length > 0) await closeRows(database, standing);
      }
      const done = new Set(due);
      waiting = waiting.filter((one) => !done.has(one));
    },
  };
}
