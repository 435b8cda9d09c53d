import type { Logger } from '../log.ts';
import type { Lag } from '../mirror/read-lag.ts';
import { readLag } from '../mirror/read-lag.ts';
import type { Database } from '../store/database.ts';
import type { Temporal } from '../temporal/client.ts';

/** How far the mirror may be behind, beside how long Temporal keeps what it would be folded from. */
export type MirrorLag = Lag & {
  /** From an end until Temporal deletes its history, ms; null while that was never answered. */
  readonly retentionMs: number | null;
};

export type LagWatch = {
  /** @throws Problem DATABASE_UNAVAILABLE */
  readonly read: () => Promise<MirrorLag>;
  /** Logs an error once the mirror is so far behind that histories may be gone before they are read, and when that is over. */
  readonly watch: () => Promise<void>;
};

/** From this part of the retention on somebody has to look after it. */
const ALARMING = 1 / 4;

/** F9 of the faults: whatever isn't confirmed when its retention ends can never be. */
export function createLagWatch(parts: {
  readonly database: Database;
  readonly temporal: Pick<Temporal, 'retention'>;
  readonly log: Pick<Logger, 'error' | 'info'>;
}): LagWatch {
  const { database, temporal, log } = parts;
  let retentionMs: number | null = null;
  let isBehind = false;

  async function read(): Promise<MirrorLag> {
    const lag = await database.asEngine((session) => readLag(session));
    // What it was last is right while Temporal is away.
    retentionMs = await temporal.retention().catch(() => retentionMs);
    return { ...lag, retentionMs };
  }

  return {
    read,
    watch: async () => {
      const lag = await read();
      const behindMs = Math.max(lag.sweptMs ?? 0, lag.unconfirmedMs);
      const wasBehind = isBehind;
      isBehind = lag.retentionMs !== null && behindMs > lag.retentionMs * ALARMING;
      if (isBehind && !wasBehind)
        log.error(
          lag,
          'the mirror is far behind Temporal, which deletes what is not confirmed when its retention ends',
        );
      if (!isBehind && wasBehind) log.info(lag, 'the mirror keeps up with Temporal again');
    },
  };
}
