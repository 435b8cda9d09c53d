import { workflowIdOf } from '../ids.ts';
import type { ExecutionKey } from '../mirror/read-unconfirmed.ts';
import type { ConfirmParts } from './confirm.ts';
import { forEachLimited } from './limit.ts';
import { createParkedCheck } from './parked-check.ts';

/**
 * Executions whose mirror may know more than Temporal: a vote was sent, and its answer never came. What the workflow told
 * of it may be of a workflow task that Temporal never got, and nobody sends the vote again, as the mirror shows it. These
 * are compared soon, however many are open; the walk over all of them comes by, too, if this process is gone.
 */
export type Doubts = {
  readonly add: (key: ExecutionKey) => void;
  /** Compares those that stand still. @throws Problem TEMPORAL_UNAVAILABLE, DATABASE_UNAVAILABLE */
  readonly run: () => Promise<void>;
};

/** More than these are left to the walk. */
const MOST = 10_000;
/** Asked about in one round: an outage leaves many at once. */
const A_ROUND = 100;
const AT_ONCE = 4;

export function createDoubts(parts: ConfirmParts): Doubts {
  const doubted = new Map<string, ExecutionKey>();
  const parked = createParkedCheck(parts);

  function add(key: ExecutionKey): void {
    if (doubted.size < MOST) doubted.set(workflowIdOf(key.tenant, key.id), key);
  }

  /** What is doubted again meanwhile stays so. */
  async function look([name, key]: readonly [string, ExecutionKey]): Promise<void> {
    doubted.delete(name);
    let isSettled = false;
    try {
      isSettled = await parked.look(key);
    } finally {
      if (isSettled) parked.forget(key);
      // Behind all others.
      else add(key);
    }
  }

  return {
    add,
    run: async () => {
      parked.begin();
      await forEachLimited([...doubted].slice(0, A_ROUND), AT_ONCE, look);
    },
  };
}
