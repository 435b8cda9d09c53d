import { randomUUID } from 'node:crypto';
import { releaseLease, takeLease } from '../store/leases.ts';
import { createChangesSweep } from './sweep-changes.ts';
import type { ConfirmParts } from './confirm.ts';
import { settleFamilies } from './families.ts';
import { createMirrorSweep } from './sweep-mirror.ts';
import { createOpenSweep } from './sweep-open.ts';
import { createRestoredSweep } from './sweep-restored.ts';

const LEASE = 'sweeper';
/** A holder that dies is replaced after so long. */
const LEASE_SECONDS = 10;
const MIRROR_EVERY_MS = 5_000;

export type Sweeper = {
  /** One round; false when another process is the sweeper. */
  readonly sweep: () => Promise<boolean>;
  /** Lets the next one take over at once. */
  readonly release: () => Promise<void>;
};

/** Compares Temporal and mirror while it holds the lease: of any number of processes one does. */
export function createSweeper(parts: ConfirmParts): Sweeper {
  const holder = randomUUID();
  let changes: (() => Promise<void>) | undefined;
  const mirror = createMirrorSweep(parts);
  const open = createOpenSweep(parts);
  const restored = createRestoredSweep(parts);
  let mirrorAt = 0;
  /** The last round went to its end. */
  let isDone = false;

  return {
    sweep: async () => {
      const isMine = await parts.database.asEngine((session) =>
        takeLease(session, { name: LEASE, holder, seconds: LEASE_SECONDS, isDone }),
      );
      isDone = false;
      if (!isMine) {
        // Whoever had it meanwhile was further than this one.
        changes = undefined;
        return false;
      }
      changes ??= createChangesSweep(parts);
      await changes();
      if (Date.now() - mirrorAt > MIRROR_EVERY_MS) {
        mirrorAt = Date.now();
        await restored();
        await mirror();
        await open();
      }
      await settleFamilies(parts);
      isDone = true;
      return true;
    },
    release: () => parts.database.asEngine((session) => releaseLease(session, { name: LEASE, holder })),
  };
}
