import { workflowIdOf } from '../ids.ts';
import { createMerged, mergeInto } from '../mirror/merge-rows.ts';
import { prepare } from '../mirror/prepare.ts';
import { readCompared } from '../mirror/read-compared.ts';
import { findEnd } from '../mirror/read-unconfirmed.ts';
import type { ExecutionKey } from '../mirror/read-unconfirmed.ts';
import type { Database } from '../store/database.ts';
import type { Temporal } from '../temporal/client.ts';
import type { Difference } from './differences.ts';
import { differencesOf } from './differences.ts';
import type { FoldParts } from './fold-chain.ts';
import { foldChain } from './fold-chain.ts';
import { endOf, factsOf } from './run-end.ts';

export type VerifyParts = FoldParts & { readonly database: Database; readonly temporal: Temporal };

/** What Temporal says of an execution against what the mirror does. */
export type Verification = {
  readonly id: string;
  /** In Temporal; `forgotten`: it is not there any more, so that nothing can be compared. */
  readonly state: 'open' | 'ended' | 'forgotten';
  readonly agrees: boolean;
  readonly differences: readonly Difference[];
};

const HISTORY_OF = 'history of ';

/** A history doesn't replay here, so that nobody can say what the mirror should be. */
export function isUnfolded({ differences }: Verification): boolean {
  return differences.some(({ field }) => field.startsWith(HISTORY_OF));
}

/** What was just told is on its way: a difference counts when it is still there after so long, ms. */
const LOOKS_AFTER_MS = [300, 1_000, 3_000];

/**
 * Replays all histories of an execution and holds the mirror's rows against them; undefined where neither has it.
 * @throws Problem TEMPORAL_UNAVAILABLE, DATABASE_UNAVAILABLE
 */
export async function verifyExecution(parts: VerifyParts, key: ExecutionKey): Promise<Verification | undefined> {
  for (let look = 0; ; look++) {
    const found = await compare(parts, key);
    const pause = LOOKS_AFTER_MS[look];
    // Nothing is on its way to an execution whose end is confirmed.
    const isFinal = found?.state === 'ended' && !found.differences.some(({ field }) => field === 'confirmed');
    if (!found || found.agrees || isFinal || pause === undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

async function compare(parts: VerifyParts, key: ExecutionKey): Promise<Verification | undefined> {
  const { database, temporal } = parts;
  const { tenant, id } = key;
  const workflowId = workflowIdOf(tenant, id);
  const run = await temporal.describe(workflowId);
  const [mirrored, compared] = await database.asEngine(async (session) => [
    await findEnd(session, key),
    await readCompared(session, key),
  ]);
  const answer = (state: Verification['state'], differences: readonly Difference[]): Verification => {
    return { id, state, agrees: differences.length === 0, differences };
  };
  const about = (field: string, told: string | boolean | null, ours: string | boolean | null): Difference => {
    return { path: null, field, temporal: told, mirror: ours };
  };
  if (!run) {
    if (!mirrored) return undefined;
    const isOpen = mirrored.runId !== null && ['running', 'paused'].includes(mirrored.status);
    return answer('forgotten', isOpen ? [about('status', null, mirrored.status)] : []);
  }
  const state = run.closeTime === null ? 'open' : 'ended';
  if (!mirrored || !compared) return answer(state, [about('status', run.status, null)]);

  const closed = run.closeTime === null ? undefined : await temporal.closeResult(workflowId, run.runId);
  const { runs, isWhole } = await temporal.chain(workflowId, run.runId);
  const end = closed && endOf(mirrored, run, closed, runs.length);
  const expected = createMerged();
  const unfolded: Difference[] = [];
  const chain = runs.map(({ runId }) => runId);
  for await (const facts of foldChain(parts, key, { chain, end }, (runId, error) => {
    unfolded.push(about(`${HISTORY_OF}${runId}`, String(error), null));
  })) {
    for (const fact of facts) mergeInto(expected, prepare(fact));
  }
  if (unfolded.length > 0) return answer(state, unfolded);
  if (!closed || !end) {
    const hasEnded = !['pending', 'running', 'paused'].includes(mirrored.status);
    const differences = differencesOf(expected, compared, { leftOver: undefined, isWhole });
    return answer('open', hasEnded ? [about('status', 'running', mirrored.status), ...differences] : differences);
  }
  for (const fact of factsOf(mirrored, closed, end, run.startTime)) mergeInto(expected, prepare(fact));
  const isConfirmed = mirrored.authority === 2 && mirrored.confirmedRunId === run.runId;
  return answer('ended', [
    ...(isConfirmed ? [] : [about('confirmed', true, false)]),
    ...differencesOf(expected, compared, { leftOver: end.leftOver, isWhole }),
  ]);
}
