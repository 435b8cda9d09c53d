import { randomUUID } from 'node:crypto';
import { isNotFound } from './as-problem.ts';
import { describeWorkflow } from './describe.ts';
import type { Link } from './link.ts';

/** What became of the wish to end a run: taken, or there was nothing (any more) to end. */
export type EndOutcome = 'requested' | 'ended before' | 'unknown';

const PATIENCE_MS = 3_000;

/**
 * Asks the latest run to cancel itself: it decides how it ends.
 * @throws Problem TEMPORAL_UNAVAILABLE
 */
export async function cancelWorkflow(link: Link, workflowId: string, reason: string): Promise<EndOutcome> {
  // Temporal takes the request for an ended run too, and says nothing.
  const run = await describeWorkflow(link, workflowId);
  if (!run) return 'unknown';
  if (run.closeTime !== null) return 'ended before';
  return end(link, workflowId, () =>
    link.service.requestCancelWorkflowExecution({
      namespace: link.namespace,
      workflowExecution: { workflowId },
      requestId: randomUUID(),
      reason,
    }),
  );
}

/**
 * Ends the latest run at once; no code of it runs any more.
 * @throws Problem TEMPORAL_UNAVAILABLE
 */
export function terminateWorkflow(link: Link, workflowId: string, reason: string): Promise<EndOutcome> {
  return end(link, workflowId, () =>
    link.service.terminateWorkflowExecution({ namespace: link.namespace, workflowExecution: { workflowId }, reason }),
  );
}

async function end(link: Link, workflowId: string, request: () => Promise<unknown>): Promise<EndOutcome> {
  try {
    await link.within(PATIENCE_MS, request);
    return 'requested';
  } catch (error) {
    if (!isNotFound(error)) throw error;
    return (await describeWorkflow(link, workflowId)) ? 'ended before' : 'unknown';
  }
}
