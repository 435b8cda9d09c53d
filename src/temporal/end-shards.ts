import { isNotFound } from './as-problem.ts';
import type { Link } from './link.ts';
import { terminateWorkflow } from './end.ts';

type Run = { readonly workflowId: string; readonly runId: string };

const PATIENCE_MS = 3_000;

/**
 * Ends the shards of a run that was itself ended without a chance to do so. Its description still has them, and costs no
 * search: of those Temporal allows ten a second.
 * @throws Problem TEMPORAL_UNAVAILABLE
 */
export async function endShards(link: Link, run: Run, reason: string): Promise<void> {
  for (const shard of await openShards(link, run)) await terminateWorkflow(link, shard, reason);
}

async function openShards(link: Link, { workflowId, runId }: Run): Promise<readonly string[]> {
  try {
    const handle = link.workflows.getHandle(workflowId, runId);
    const { raw } = await link.within(PATIENCE_MS, () => handle.describe());
    return (raw.pendingChildren ?? []).flatMap((child) => child.workflowId ?? []);
  } catch (error) {
    if (isNotFound(error)) return [];
    throw error;
  }
}
