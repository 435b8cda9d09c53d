import { randomUUID } from 'node:crypto';
import { analyzeGrownTables } from '../store/analyze-grown-tables.ts';
import { releaseLease, takeLease } from '../store/leases.ts';
import { createChangesSweep } from './sweep-changes.ts';
import type { ChangesSweep } from './sweep-changes.ts';
import type { ConfirmParts } from './confirm.ts';
import { settleFamilies } from './families.ts';
import { createMirrorSweep } from './sweep-mirror.ts';
import { createOpenSweep } from './sweep-open.ts';
import { createRestoredSweep } from './sweep-restored.ts';

const LEASE = 'sweeper';
/** A holder that dies is replaced after so long. */
const LEASE_SECONDS = 10;

/** Compares Temporal and mirror while it holds the lease: of any number of processes one does. */
export type Sweeper = {
  /** One look at what Temporal started and ended lately. */
  readonly sweep: () => Promise<Sweep>;
  /** One step of the walk over all that is open, while the last `sweep` was its own: what the list of changes doesn't tell. */
  readonly walk: () => Promise<void>;
  /** Lets the next one take over at once. */
  readonly release: () => Promise<void>;
};

export type Sweep = {
  /** False when another process is the sweeper. */
  readonly isMine: boolean;
  /** Looking took so long that the next look should follow at once. */
  readonly hasMore: boolean;
};

/** @param parts.inherit called whenever it becomes the sweeper: takes on what the one before had in mind */
export function createSweeper(parts: ConfirmParts & { readonly inherit: () => Promise<void> }): Sweeper {
  const holder = randomUUID();
  let changes: ChangesSweep | undefined;
  const mirror = createMirrorSweep(parts);
  const open = createOpenSweep(parts);
  const restored = createRestoredSweep(parts);
  let isMine = false;
  /** The last look went to its end. */
  let isDone = false;

  return {
    sweep: async () => {
      isMine = await parts.database.asEngine((session) =>
        takeLease(session, { name: LEASE, holder, seconds: LEASE_SECONDS, isDone }),
      );
      isDone = false;
      if (!isMine) {
        // Whoever had it meanwhile was further than this one.
        changes = undefined;
        return { isMine, hasMore: false };
      }
      if (!changes) {
        await parts.inherit();
        changes = createChangesSweep(parts);
      }
      const hasMore = await changes();
      await settleFamilies(parts);
      isDone = true;
      return { isMine, hasMore };
    },
    walk: async () => {
      if (!isMine) return;
      await parts.database.asEngine(analyzeGrownTables);
      await restored();
      await mirror();
      await open();
    },
    release: () => parts.database.asEngine((session) => releaseLease(session, { name: LEASE, holder })),
  };
}
