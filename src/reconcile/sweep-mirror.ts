import { endLost } from '../mirror/end-lost.ts';
import { listOpenRuns, listUnconfirmedEnds } from '../mirror/read-unconfirmed.ts';
import type { MirroredRun } from '../mirror/read-unconfirmed.ts';
import { confirmOneOfMany } from './confirm.ts';
import type { ConfirmParts } from './confirm.ts';
import { forEachLimited } from './limit.ts';
import { createParkedCheck } from './parked-check.ts';

const PAGE = 50;
const AT_ONCE = 4;

/**
 * Walks over what the mirror holds open, a page each time, and asks Temporal about each: what its list never told is
 * found too, if later, and what the mirror was never told of one that waits.
 */
export type MirrorSweep = () => Promise<void>;

/** @throws (each step) Problem TEMPORAL_UNAVAILABLE, DATABASE_UNAVAILABLE */
export function createMirrorSweep(
  parts: ConfirmParts,
  options: {
    /** A run that Temporal doesn't know is lost when it still doesn't after so long, ms. @default 30_000 */
    readonly lostAfterMs?: number;
  } = {},
): MirrorSweep {
  const { lostAfterMs = 30_000 } = options;
  const { database } = parts;
  let after: { readonly createdAt: string; readonly id: string } | undefined;
  /** When Temporal first didn't know it, ms. */
  const missingSince = new Map<string, number>();
  const parked = createParkedCheck(parts);

  async function look(row: MirroredRun): Promise<void> {
    const name = `${row.tenant}/${row.id}`;
    const confirmation = await confirmOneOfMany(parts, row);
    if (confirmation === 'open') await parked.look(row);
    else parked.forget(row);
    if (confirmation !== 'unknown' || row.runId === null) {
      missingSince.delete(name);
      return;
    }
    const since = missingSince.get(name) ?? Date.now();
    missingSince.set(name, since);
    if (Date.now() - since < lostAfterMs) return;
    parts.log.error({ execution: row.id, tenant: row.tenant }, 'Temporal does not know an execution any more');
    await database.asEngine((session) => endLost(session, row));
    missingSince.delete(name);
  }

  return async () => {
    const ends = await database.asEngine((session) => listUnconfirmedEnds(session, PAGE));
    await forEachLimited(ends, AT_ONCE, look);
    parked.begin();
    const open = await database.asEngine((session) => listOpenRuns(session, after, PAGE));
    await forEachLimited(open, AT_ONCE, look);
    const last = open.at(-1);
    after = open.length === PAGE && last ? { createdAt: last.at, id: last.id } : undefined;
  };
}
