import { workflowIdOf } from '../ids.ts';
import type { ExecutionKey } from '../mirror/read-unconfirmed.ts';
import type { ConfirmParts } from './confirm.ts';
import { repairExecution } from './repair-execution.ts';

/**
 * What a worker was told to write of an execution that now waits may have died with the worker, or with PostgreSQL: nobody
 * would ever decide an approval that the mirror doesn't show. So each one whose history stands still is compared with it,
 * once until it grows again.
 */
export type ParkedCheck = {
  /** Begins a round; only so many are compared in each. */
  readonly begin: () => void;
  /** True when it needs no other look until its history grows. @throws Problem TEMPORAL_UNAVAILABLE, DATABASE_UNAVAILABLE */
  readonly look: (key: ExecutionKey) => Promise<boolean>;
  /** It isn't open any more. */
  readonly forget: (key: ExecutionKey) => void;
};

/** Comparing one takes a replay, some 10 ms of a short history. */
const A_ROUND = 20;
/** Differences that the log names; the values are nobody's there. */
const SHOWN = 5;

export function createParkedCheck(parts: ConfirmParts): ParkedCheck {
  /** Run and length of the history at the last look, and whether it was compared at that length. */
  const seen = new Map<string, { readonly at: string; readonly isCompared: boolean }>();
  let left = A_ROUND;

  return {
    begin: () => {
      left = A_ROUND;
    },
    look: async (key) => {
      const name = workflowIdOf(key.tenant, key.id);
      const run = await parts.temporal.describe(name);
      if (!run || run.closeTime !== null) return true;
      const at = `${run.runId} ${run.historyLength}`;
      const before = seen.get(name);
      if (before?.at !== at) {
        seen.set(name, { at, isCompared: false });
        return false;
      }
      if (!before.isCompared && left > 0) {
        left--;
        const repair = await repairExecution(parts, key);
        if (repair && !repair.before.agrees) {
          const differences = repair.before.differences
            .slice(0, SHOWN)
            .map(({ path, field }) => `${path ?? ''} ${field}`);
          parts.log.warn({ execution: key.id, differences }, 'an open one was repaired');
        }
        seen.set(name, { at, isCompared: true });
        return true;
      }
      return before.isCompared;
    },
    forget: ({ tenant, id }) => void seen.delete(workflowIdOf(tenant, id)),
  };
}
