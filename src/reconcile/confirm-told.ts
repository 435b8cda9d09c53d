import { workflowIdOf } from '../ids.ts';
import { findEnds } from '../mirror/read-unconfirmed.ts';
import type { MirroredEnd } from '../mirror/read-unconfirmed.ts';
import type { RunEnd } from '../mirror/close-executions.ts';
import { Problem } from '../problem.ts';
import type { Closed, Listed } from '../temporal/client.ts';
import { closeRows } from './close-rows.ts';
import type { ConfirmParts } from './confirm.ts';
import { keyOf } from './key-of.ts';
import { forEachLimited } from './limit.ts';
import { agrees, endOf, factsOf, mayAgree } from './run-end.ts';
import { writeFacts } from './write-facts.ts';

const AT_ONCE = 12;

type Told = {
  readonly mirrored: MirroredEnd;
  readonly closed: Closed;
  readonly end: RunEnd;
  /** When its run did, ms. */
  readonly began: number;
};

/**
 * Confirms together, in few statements, those ended runs that the mirror was told of as Temporal has them: nearly all.
 * Answers their run ids; the others have to be looked at one by one.
 * @throws Problem TEMPORAL_UNAVAILABLE, DATABASE_UNAVAILABLE
 */
export async function confirmTold(parts: ConfirmParts, runs: readonly Listed[]): Promise<ReadonlySet<string>> {
  if (runs.length === 0) return new Set();
  try {
    const told = await compareAll(parts, runs);
    if (told.length === 0) return new Set();
    await closeRows(
      parts.database,
      told.map(({ end }) => end),
    );
    await writeFacts(
      parts.writer,
      told.flatMap(({ mirrored, closed, end, began }) => factsOf(mirrored, closed, end, began)),
    );
    return new Set(told.map(({ end }) => end.runId));
  } catch (error) {
    if (error instanceof Problem) throw error;
    // Whichever of them it is, alone it keeps no other waiting.
    parts.log.warn({ err: error, executions: runs.length }, 'ends could not be confirmed together');
    return new Set();
  }
}

async function compareAll({ database, temporal }: ConfirmParts, runs: readonly Listed[]): Promise<readonly Told[]> {
  const ends = await database.readAsEngine((session) => findEnds(session, runs.map(keyOf)));
  const mirroredEnds = new Map(ends.map((end) => [workflowIdOf(end.tenant, end.id), end]));
  const told: Told[] = [];
  await forEachLimited(runs, AT_ONCE, async (run) => {
    const mirrored = mirroredEnds.get(run.workflowId);
    if (!mirrored || !mayAgree(mirrored) || mirrored.runId !== run.runId) return;
    const closed = await temporal.closeResult(run.workflowId, run.runId, mirrored.approvals.length > 0);
    // Temporal's own ends may leave shards behind.
    if (!closed || closed.byTemporal || !agrees(mirrored, closed)) return;
    told.push({ mirrored, closed, end: endOf(mirrored, run, closed, 1), began: run.startTime });
  });
  return told;
}
