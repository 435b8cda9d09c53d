import type { Changes } from '../mirror/changes.ts';
import type { ExecutionDetail } from '../mirror/read-executions.ts';
import type { Database } from '../store/database.ts';
import { hasEnded } from './pass-on.ts';
import { readExecution } from './read-executions.ts';
import { createWakeup } from './wakeup.ts';
import type { Wakeup } from './wakeup.ts';

export type EndWanted = {
  readonly id: string;
  readonly ms: number;
  readonly signal: AbortSignal;
  /** Of {@link watchEnd}, from before the execution could end; it is closed here. @default one that is made now */
  readonly wakeup?: Wakeup | undefined;
};

/** A notification may get lost with its connection: then this finds the end. ms */
const LOOK_AGAIN_MS = 5_000;

/** Watches for an execution's end from now on. */
export function watchEnd(changes: Changes, tenant: string, id: string): Wakeup {
  return createWakeup(changes, { tenant, id, which: 'ends' });
}

/**
 * The execution once it has ended, for all that its workflow or Temporal says, or as it is after `ms`.
 * @throws Problem NOT_FOUND
 */
export async function awaitEnd(
  parts: { readonly database: Database; readonly changes: Changes },
  who: { readonly tenant: string; readonly userId: string },
  { id, ms, signal, wakeup: own }: EndWanted,
): Promise<ExecutionDetail> {
  const end = Date.now() + ms;
  const wakeup = own ?? watchEnd(parts.changes, who.tenant, id);
  try {
    // One that has just been accepted hasn't ended.
    if (own) await wakeup.wait(Math.min(ms, LOOK_AGAIN_MS), signal);
    for (;;) {
      const execution = await readExecution(parts.database, who, id);
      const left = end - Date.now();
      if (hasEnded(execution) || left <= 0 || signal.aborted) return execution;
      await wakeup.wait(Math.min(left, LOOK_AGAIN_MS), signal);
    }
  } finally {
    wakeup.close();
  }
}
