import type { History } from '@temporalio/common/lib/proto-utils.js';
import { workflowIdOf } from '../ids.ts';
import type { RunEnd } from '../mirror/close-executions.ts';
import { ordOf } from '../mirror/close-executions.ts';
import type { ExecutionKey } from '../mirror/read-unconfirmed.ts';
import type { Fact } from '../mirror/record.ts';
import type { Temporal } from '../temporal/client.ts';
import { foldHistory } from './fold.ts';
import type { Replayer } from './replayer.ts';

export type FoldParts = {
  readonly temporal: Pick<Temporal, 'history' | 'describe' | 'chain'>;
  readonly replayer: Replayer;
};

type FoldedEnd = Pick<RunEnd, 'runNumber' | 'epoch' | 'lastEventId'>;

/**
 * What all histories of an execution say of its tasks and approvals, at authority 2 and below its end: of its runs from
 * the first to the last, and of the shards that they started. One history at a time: each may have 10 MB.
 * @param of the end, undefined where it runs on: then it is told at authority 1; and the chain of run ids
 * @param onUnfolded told of each that doesn't replay; what it alone would tell is missing
 * @throws Problem TEMPORAL_UNAVAILABLE
 */
export async function* foldChain(
  parts: FoldParts,
  { tenant, id }: ExecutionKey,
  { chain, end }: { readonly chain: readonly string[]; readonly end: FoldedEnd | undefined },
  onUnfolded: (runId: string, error: unknown) => void,
): AsyncGenerator<readonly Fact[]> {
  const shards = new Set<string>();
  for (const [index, runId] of chain.entries()) {
    const history = await parts.temporal.history(workflowIdOf(tenant, id), runId);
    for (const shard of shardsIn(history)) shards.add(shard);
    const lastEventId = Number(history.events?.at(-1)?.eventId ?? 0);
    const before = chain.length - 1 - index;
    const ord = end && ordOf({ runNumber: end.runNumber - before, lastEventId }) - 1;
    yield* fold(history, runId, ord);
  }
  for (const shard of shards) {
    const latest = await parts.temporal.describe(shard);
    if (!latest) continue;
    const { runs } = await parts.temporal.chain(shard, latest.runId);
    for (const [index, { runId }] of runs.entries()) {
      // No task of theirs is told by another history: among themselves the later wins.
      const ord = end && ordOf(end) - (runs.length - index);
      yield* fold(await parts.temporal.history(shard, runId), runId, ord);
    }
  }

  async function* fold(history: History, runId: string, ord: number | undefined): AsyncGenerator<readonly Fact[]> {
    const order = end && ord !== undefined ? { epoch: end.epoch, ord } : undefined;
    try {
      yield await foldHistory(parts.replayer, history, { runId, order });
    } catch (error) {
      onUnfolded(runId, error);
    }
  }
}

/** Workflow ids of the shards that a run started: Temporal's only children, as those of `sub_workflow` are on their own. */
function shardsIn({ events }: History): readonly string[] {
  return (events ?? []).flatMap((event) => event.startChildWorkflowExecutionInitiatedEventAttributes?.workflowId ?? []);
}
