import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../store/database.ts';
import { classifyFailure, sqlStateOf } from './classify-failure.ts';
import { commitBatch, statementOf } from './commit-batch.ts';
import type { Statement } from './commit-batch.ts';
import type { Waiting } from './fact-queue.ts';
import { createFactQueue } from './fact-queue.ts';
import { keyOf, soleKeyOf } from './mirror-row.ts';
import { prepare } from './prepare.ts';
import { createProgress } from './progress.ts';
import type { Fact } from './record.ts';
import { createRest } from './rest.ts';
import { waitFor } from './wait-for.ts';

/** The process's one way into the mirror: what is recorded while a commit is under way goes with the next. */
export type Writer = {
  /** Queues, and returns at once: never throws, never waits, bounded. */
  readonly record: (facts: readonly Fact[]) => void;
  /** True once all are committed; false when the time is up (they are still written) or some were given up. */
  readonly recordAndWait: (facts: readonly Fact[], withinMs: number) => Promise<boolean>;
  /** Resolves when what is queued now is written or given up, at once while PostgreSQL is away, after so many ms at the latest. */
  readonly catchUp: (withinMs: number) => Promise<void>;
  /** Facts that wait for a commit. */
  readonly queued: () => number;
  readonly stats: () => WriterStats;
  /** Resolves when all that is queued now is written or given up. */
  readonly flush: () => Promise<void>;
  /** Writes what it can within `closeMs`, then stops. */
  readonly close: () => Promise<void>;
};

export type WriterStats = {
  /** Rows changed. */
  readonly written: number;
  /** Rows sent that changed nothing: older than what was there, or told twice. */
  readonly stale: number;
  /** Facts given up for want of room, or at the close. */
  readonly dropped: number;
  /** Facts that PostgreSQL refuses. */
  readonly poisoned: number;
  readonly queued: number;
  /** From a fact to its commit, the oldest of the last batch, ms. */
  readonly lagMs: number;
};

export type WriterOptions = {
  /** Told what went wrong; values of facts are never in it. */
  readonly warn?: (fields: { readonly [name: string]: unknown }, message: string) => void;
  /** @default 100_000 */
  readonly maxFacts?: number;
  /** @default 64 MB */
  readonly maxBytes?: number;
  /** Facts of one transaction. @default 2_000 */
  readonly batchFacts?: number;
  /** How long `close` tries, ms. @default 3_000 */
  readonly closeMs?: number;
};

/** About, of one transaction: a few large results must not make one huge statement. */
const BATCH_BYTES = 8_000_000;
/** Most tasks are over by then: their begin and end are one row, written once; and an end that somebody waits for takes it along. ms */
const REST_MS = 50;
/** While ends are waited for it writes a quarter of the time, so that those of a busy worker go together; and none waits longer for that, ms. */
const BUSY = { share: 3, most: 40 };
/** Facts that are worth a statement of their own. */
const ENOUGH = 200;
const MAX_CONFLICTS = 20;
const FIRST_BACK_OFF_MS = 50;
const MAX_BACK_OFF_MS = 2_000;
const MAX_KNOWN = 10_000;

/** What goes to PostgreSQL together, and as what at first. */
type Batch = { readonly facts: readonly Waiting[]; readonly statement: Statement };

export function createWriter(database: Database, options: WriterOptions = {}): Writer {
  const { warn = () => undefined, maxFacts = 100_000, maxBytes = 64_000_000 } = options;
  const { batchFacts = 2_000, closeMs = 3_000 } = options;
  const counts = { written: 0, stale: 0, dropped: 0, poisoned: 0, lagMs: 0 };
  const known = new Set<string>();
  const closing = new AbortController();
  const progress = createProgress();
  const rest = createRest({ ms: REST_MS, ...BUSY });
  let draining: Promise<void> | undefined;
  let inFlight = 0;
  /** Made while the one before it is written. */
  let next: Batch | undefined;

  const queue = createFactQueue({ maxFacts, maxBytes }, (facts) => {
    counts.dropped += facts;
    progress.finish(facts);
    warn({ facts }, 'the mirror is behind: hints are given up');
  });

  const queued = (): number => queue.length() + inFlight + (next?.facts.length ?? 0);

  function add(facts: readonly Fact[], settle?: (isWritten: boolean) => void): void {
    for (const fact of facts) {
      try {
        if (queue.add({ prepared: prepare(fact), at: Date.now(), settle })) {
          progress.add(1);
          continue;
        }
        counts.dropped++;
        if (counts.dropped % 1_000 === 1) warn({ dropped: counts.dropped }, 'the mirror is behind: facts are given up');
      } catch (error) {
        counts.poisoned++;
        warn({ kind: fact.kind, execution: fact.executionId, reason: String(error) }, 'a fact can not be written');
      }
      settle?.(false);
    }
    if (settle) rest.hurry(soleKeyOf(facts));
    if (queue.length() >= ENOUGH) rest.skip();
    makeNext();
    if (queue.length() > 0) draining ??= drain();
  }

  function make(batch: readonly Waiting[], again: boolean): Statement {
    const prepared = batch.map((one) => one.prepared);
    return statementOf(prepared, { known, again });
  }

  function take(): Batch {
    const facts = queue.take(batchFacts, BATCH_BYTES);
    return { facts, statement: make(facts, false) };
  }

  /** Where there is enough for a whole batch PostgreSQL doesn't wait until it is made. */
  function makeNext(): void {
    if (inFlight > 0 && queue.length() >= batchFacts) next ??= take();
  }

  async function drain(): Promise<void> {
    while (next || queue.length() > 0) {
      const isAwaited = await rest.take();
      const { facts, statement } = next ?? take();
      next = undefined;
      if (queue.length() === 0) rest.relax();
      inFlight = facts.length;
      const began = performance.now();
      if (closing.signal.aborted) giveUp(facts);
      else await write(facts, statement);
      if (isAwaited) rest.took(performance.now() - began, soleKeyOf(facts.map(({ prepared }) => prepared.subject)));
      inFlight = 0;
    }
    draining = undefined;
  }

  /** Ends when every fact of the batch is committed or given up. */
  async function write(batch: readonly Waiting[], made?: Statement): Promise<void> {
    let conflicts = 0;
    for (let attempt = 0; ; attempt++) {
      try {
        await commit(batch, (attempt === 0 ? made : undefined) ?? make(batch, attempt > 0));
        return;
      } catch (error) {
        if (closing.signal.aborted) {
          giveUp(batch);
          return;
        }
        const failure = classifyFailure(error);
        if (failure === 'poison') {
          await writeParts(batch, error);
          return;
        }
        if (failure === 'conflict' && conflicts++ < MAX_CONFLICTS) {
          await pause(conflicts * 5);
          continue;
        }
        if (attempt === 0) warn({ reason: String(error), queued: queued() }, 'the mirror is away');
        progress.stall();
        await pause(Math.min(FIRST_BACK_OFF_MS * 2 ** attempt, MAX_BACK_OFF_MS));
      }
    }
  }

  async function writeParts(batch: readonly Waiting[], error: unknown): Promise<void> {
    // An execution that was there is gone, with all that hung on it.
    if (sqlStateOf(error) === '23503' && known.size > 0) {
      known.clear();
      await write(batch);
      return;
    }
    const [only] = batch;
    if (only && batch.length === 1) {
      counts.poisoned++;
      const { subject, rows } = only.prepared;
      const about = { execution: subject.executionId, tables: rows.map(([table]) => table) };
      warn({ ...about, state: sqlStateOf(error), reason: String(error) }, 'PostgreSQL refuses a fact');
      only.settle?.(false);
      progress.finish(1);
      return;
    }
    const middle = Math.ceil(batch.length / 2);
    await write(batch.slice(0, middle));
    await write(batch.slice(middle));
  }

  async function commit(batch: readonly Waiting[], statement: Statement): Promise<void> {
    // A crash of PostgreSQL may lose the last moments of the mirror: Temporal has them.
    const writing = database.writeAsEngine((session) => commitBatch(session, statement));
    makeNext();
    const written = await writing;
    counts.written += written;
    counts.stale += statement.rows - written;
    counts.lagMs = Date.now() - (batch[0]?.at ?? Date.now());
    if (known.size > MAX_KNOWN) known.clear();
    for (const { prepared } of batch) known.add(keyOf(prepared.subject));
    for (const { settle } of batch) settle?.(true);
    progress.finish(batch.length);
  }

  function giveUp(batch: readonly Waiting[]): void {
    counts.dropped += batch.length;
    for (const { settle } of batch) settle?.(false);
    progress.finish(batch.length);
  }

  /** Between half and all of `ms`, so that two writers don't meet again. */
  async function pause(ms: number): Promise<void> {
    await sleep(ms * (0.5 + Math.random() / 2), undefined, { signal: closing.signal }).catch(() => undefined);
  }

  async function flush(): Promise<void> {
    while (draining) {
      rest.skip();
      await draining;
    }
  }

  return {
    record: (facts) => {
      add(facts);
    },
    recordAndWait: async (facts, withinMs) =>
      facts.length === 0 || (await waitFor(facts.length, withinMs, (settle) => add(facts, settle))),
    catchUp: (withinMs) => {
      rest.hurry();
      return progress.reach(withinMs);
    },
    queued,
    stats: () => ({ ...counts, queued: queued() }),
    flush,
    close: async () => {
      const timer = setTimeout(() => closing.abort(), closeMs);
      await flush();
      clearTimeout(timer);
    },
  };
}
