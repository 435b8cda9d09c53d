import { executionOfWorkflowId } from '../ids.ts';
import type { ExecutionKey } from '../mirror/read-unconfirmed.ts';

/** The execution that a run in Temporal is of. */
export function keyOf({ workflowId }: { readonly workflowId: string }): ExecutionKey {
  const { tenant, executionId } = executionOfWorkflowId(workflowId);
  return { tenant, id: executionId };
}
