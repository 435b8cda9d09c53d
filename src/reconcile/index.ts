import type { CatalogEntry } from '../definition/compile.ts';
import type { Logger } from '../log.ts';
import { createWriter } from '../mirror/writer.ts';
import type { Database } from '../store/database.ts';
import type { Temporal } from '../temporal/client.ts';
import { createCommandPasser } from './commands.ts';
import { confirmExecution } from './confirm.ts';
import type { Confirmation } from './confirm.ts';
import { createDeliverer } from './deliverer.ts';
import { createDoubts } from './doubts.ts';
import type { MirrorLag } from './lag-watch.ts';
import { createLagWatch } from './lag-watch.ts';
import { startLoop } from './loop.ts';
import { repairExecution } from './repair-execution.ts';
import type { Repair } from './repair-execution.ts';
import { createReplayer } from './replayer.ts';
import { createSecondLook } from './second-look.ts';
import { createStarter } from './starter.ts';
import { createSweeper } from './sweeper.ts';
import { verifyExecution } from './verify-execution.ts';
import type { Verification } from './verify-execution.ts';

export type ReconcilerParts = {
  readonly database: Database;
  readonly temporal: Temporal;
  readonly catalog: readonly CatalogEntry[];
  readonly log: Logger;
  readonly config: { readonly WEFT_LOCAL_ACTIVITIES: boolean };
};

export type Reconciler = {
  /** Ends what is under way; nothing follows. */
  readonly stop: () => Promise<void>;
  /** Holds an execution's mirror against its histories; undefined where neither has it. */
  readonly verify: (tenant: string, executionId: string) => Promise<Verification | undefined>;
  /** Makes the mirror what the histories say; undefined where neither has it. */
  readonly repair: (tenant: string, executionId: string) => Promise<Repair | undefined>;
  /** How far the mirror may be behind Temporal. @throws Problem DATABASE_UNAVAILABLE */
  readonly lag: () => Promise<MirrorLag>;
  /** A vote was sent to this execution and its answer never came: the mirror may show what Temporal doesn't have. */
  readonly doubt: (tenant: string, executionId: string) => void;
  /**
   * Compares this execution with Temporal now, without waiting for the sweeper's turn; once it resolves the mirror ends
   * as Temporal does.
   * @throws Problem TEMPORAL_UNAVAILABLE, DATABASE_UNAVAILABLE
   */
  readonly confirm: (tenant: string, executionId: string) => Promise<Confirmation>;
};

const STARTER_MS = 1_000;
const COMMANDS_MS = 2_000;
const EVENTS_MS = 1_000;
const SWEEPER_MS = 1_000;
const WALK_MS = 5_000;
const DOUBTS_MS = 5_000;
const LAG_MS = 30_000;
/** From an order until Temporal has done it, about, ms. */
const SEEN_AFTER_MS = 200;

/**
 * Starts what repairs: what was accepted gets started, what was ordered is passed on, events reach whom they concern, and
 * the mirror ends as Temporal does. Lives through outages of both.
 */
export function startReconciler({ database, temporal, catalog, log, config }: ReconcilerParts): Reconciler {
  const writer = createWriter(database, { warn: (fields, message) => log.warn(fields, message) });
  const replayer = createReplayer(log);
  const secondLook = createSecondLook(database);
  const parts = {
    database,
    temporal,
    catalog,
    log,
    writer,
    replayer,
    lookAgain: secondLook.add,
    localActivities: config.WEFT_LOCAL_ACTIVITIES,
  };
  const sweeper = createSweeper({ ...parts, inherit: secondLook.inherit });
  const lag = createLagWatch(parts);
  const sweep = async () => {
    const { hasMore } = await sweeper.sweep();
    await secondLook.run();
    return hasMore;
  };
  const starter = startLoop('starter', { everyMs: STARTER_MS, work: createStarter(parts), log });
  const commands = startLoop('commands', { everyMs: COMMANDS_MS, work: createCommandPasser(parts), log });
  const events = startLoop('events', { everyMs: EVENTS_MS, work: createDeliverer(parts), log });
  const sweeping = startLoop('sweeper', { everyMs: SWEEPER_MS, work: sweep, log });
  // Apart from the sweep: comparing what stands still must not delay what ends.
  const walking = startLoop('walk', { everyMs: WALK_MS, work: () => sweeper.walk().then(() => false), log });
  const doubts = createDoubts(parts);
  const doubting = startLoop('doubts', { everyMs: DOUBTS_MS, work: () => doubts.run().then(() => false), log });
  const watchLag = () => lag.watch().then(() => false);
  const watching = startLoop('lag', { everyMs: LAG_MS, work: watchLag, log });
  const unlisten = [
    database.listen('weft_starts', starter.wake),
    database.listen('weft_events', events.wake),
    database.listen('weft_commands', () => {
      commands.wake();
      // Whoever ordered an end wants to see it.
      setTimeout(sweeping.wake, SEEN_AFTER_MS);
    }),
  ];
  return {
    lag: lag.read,
    verify: (tenant, id) => verifyExecution(parts, { tenant, id }),
    repair: (tenant, id) => repairExecution(parts, { tenant, id }),
    doubt: (tenant, id) => doubts.add({ tenant, id }),
    confirm: (tenant, id) => confirmExecution(parts, { tenant, id }),
    stop: async () => {
      for (const end of unlisten) end();
      await Promise.all([starter, commands, events, sweeping, walking, doubting, watching].map((loop) => loop.stop()));
      await sweeper.release().catch(() => undefined);
      await Promise.all([writer.close(), replayer.close()]);
    },
  };
}
