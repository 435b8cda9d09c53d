import type { Changes } from '../mirror/changes.ts';
import { Problem } from '../problem.ts';
import type { Database } from '../store/database.ts';
import { findStanding } from '../store/executions.ts';
import { hasEnded } from './pass-on.ts';
import { createWakeup } from './wakeup.ts';

/** A notification may get lost with its connection: then this finds the end. ms */
const LOOK_AGAIN_MS = 5_000;

/**
 * Resolves when an execution has ended, for all that its workflow or Temporal says, and after `ms` at the latest.
 * @throws Problem NOT_FOUND
 */
export async function awaitEnd(
  parts: { readonly database: Database; readonly changes: Changes },
  who: { readonly tenant: string; readonly userId: string },
  { id, ms, signal }: { readonly id: string; readonly ms: number; readonly signal: AbortSignal },
): Promise<void> {
  const end = Date.now() + ms;
  const wakeup = createWakeup(parts.changes, { tenant: who.tenant, id, which: 'ends' });
  try {
    while (!signal.aborted) {
      const standing = await parts.database.asApp(who, (session) => findStanding(session, who.tenant, id));
      if (!standing) throw new Problem('NOT_FOUND', `There is no execution '${id}'.`);
      const left = end - Date.now();
      if (hasEnded(standing) || left <= 0) return;
      await wakeup.wait(Math.min(left, LOOK_AGAIN_MS), signal);
    }
  } finally {
    wakeup.close();
  }
}
