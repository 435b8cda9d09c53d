import { workflowIdOf } from '../ids.ts';
import { findRuns } from '../mirror/read-unconfirmed.ts';
import type { MirroredRun } from '../mirror/read-unconfirmed.ts';
import { markStarted } from '../store/pending-executions.ts';
import type { StartedRun } from '../store/pending-executions.ts';
import type { Listed } from '../temporal/client.ts';
import { confirmOneOfMany } from './confirm.ts';
import { confirmTold } from './confirm-told.ts';
import type { ConfirmParts } from './confirm.ts';
import { followAgain } from './follow-again.ts';
import { keyOf } from './key-of.ts';
import { forEachLimited } from './limit.ts';

const AT_ONCE = 12;
/** Confirmed in one transaction, at most. */
const TOGETHER = 100;
/** What visibility tells later is found by the longer look, or by a second look at an end that was told. */
const OVERLAP_MS = 2_000;
const LONG_OVERLAP_MS = 60_000;
/** Between two looks that go back further: visibility may be late. ms */
const LONG_EVERY_MS = 60_000;

/** Comparing one by one for so long, others have come meanwhile, ms. */
const LONG_MS = 500;

/**
 * Looks at what Temporal started and ended since the last look; true when that took so long that what came meanwhile
 * should not wait for the next one's turn.
 */
export type ChangesSweep = () => Promise<boolean>;

/** @throws (each look) Problem TEMPORAL_UNAVAILABLE, DATABASE_UNAVAILABLE: the next one begins where this one began */
export function createChangesSweep(parts: ConfirmParts): ChangesSweep {
  /** Of what was seen, by Temporal's clock, ms. */
  let latest = Date.now() - LONG_OVERLAP_MS;
  let lookedFarAt = 0;
  /** Runs whose end was dealt with, so that the overlap costs nothing. */
  let done = new Set<string>();

  return async () => {
    const isFar = Date.now() - lookedFarAt > LONG_EVERY_MS;
    const since = new Date(latest - (isFar ? LONG_OVERLAP_MS : OVERLAP_MS));
    const listed = await parts.temporal.listChanged(since);
    const fresh = latestOfEach(listed).filter((run) => !done.has(nameOf(run)));
    const keys = fresh.map(keyOf);
    const mirrored = await parts.database.readAsEngine((session) => findRuns(session, keys));
    const rows = new Map(mirrored.map((row) => [workflowIdOf(row.tenant, row.id), row]));
    const left: Listed[] = [];
    for (let from = 0; from < fresh.length; from += TOGETHER) {
      const some = fresh.slice(from, from + TOGETHER);
      const ended = some.filter((run) => !run.isOpen && rows.get(run.workflowId)?.authority === 1);
      const told = await confirmTold(parts, ended);
      for (const run of some) {
        if (told.has(run.runId)) done.add(nameOf(run));
        else left.push(run);
      }
    }
    const began = performance.now();
    await noteBegun(parts, left, rows);
    await forEachLimited(left, AT_ONCE, async (run) => {
      const row = rows.get(run.workflowId);
      if (row && (await compare(parts, run, row))) done.add(nameOf(run));
    });
    const hasMore = performance.now() - began > LONG_MS;
    latest = Math.max(latest, ...listed.map(({ startTime, closeTime }) => Math.max(startTime, closeTime ?? 0)));
    const names = new Set(listed.map(nameOf));
    done = new Set([...done].filter((name) => names.has(name)));
    if (isFar) lookedFarAt = Date.now();
    return hasMore;
  };
}

/** Of two runs of one execution, as after a reset, the first has nothing more to say. */
function latestOfEach(runs: readonly Listed[]): readonly Listed[] {
  const latest = new Map<string, Listed>();
  for (const run of runs) {
    const other = latest.get(run.workflowId);
    if (!other || other.startTime <= run.startTime) latest.set(run.workflowId, run);
  }
  return [...latest.values()];
}

/** Whoever started them may have died before it noted that. */
async function noteBegun(
  { database }: ConfirmParts,
  runs: readonly Listed[],
  rows: ReadonlyMap<string, MirroredRun>,
): Promise<void> {
  const begun = runs.flatMap((run): readonly StartedRun[] => {
    const row = rows.get(run.workflowId);
    return run.isOpen && row?.runId === null && !row.endedUnstarted ? [{ ...row, runId: run.runId }] : [];
  });
  if (begun.length > 0) await database.writeAsEngine((session) => markStarted(session, begun));
}

/** True when this run needs no second look. */
async function compare(parts: ConfirmParts, run: Listed, row: MirroredRun): Promise<boolean> {
  if (!run.isOpen) {
    if (row.authority === 2 && row.confirmedRunId === run.runId) return true;
    return (await confirmOneOfMany(parts, row, run)) === 'confirmed';
  }
  if (row.endedUnstarted) {
    // Yet a start whose answer was lost has come through.
    await parts.temporal.terminate(run.workflowId, 'It was cancelled before it started');
    return false;
  }
  await followAgain(parts, run, row);
  return true;
}

/** Opening and closing are two things to look at. */
function nameOf({ workflowId, runId, isOpen }: Listed): string {
  return `${workflowId} ${runId} ${isOpen ? 'open' : 'closed'}`;
}
