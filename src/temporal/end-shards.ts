import type { Link } from './link.ts';
import { terminateWorkflow } from './end.ts';

const PATIENCE_MS = 5_000;
const PAGE_SIZE = 1_000;

/**
 * Ends the shards of an execution that was itself ended without a chance to do so; they are found by their ids.
 * @throws Problem TEMPORAL_UNAVAILABLE
 */
export async function endShards(link: Link, workflowId: string, reason: string): Promise<void> {
  const prefix = `${workflowId}~~`.replaceAll("'", "''");
  const { executions } = await link.within(PATIENCE_MS, () =>
    link.service.listWorkflowExecutions({
      namespace: link.namespace,
      pageSize: PAGE_SIZE,
      query: `WorkflowId STARTS_WITH '${prefix}' AND ExecutionStatus = 'Running'`,
    }),
  );
  for (const { execution } of executions) {
    if (execution?.workflowId) await terminateWorkflow(link, execution.workflowId, reason);
  }
}
