import type { Startable } from '../store/executions.ts';
import type { AcceptedExecution } from '../store/new-executions.ts';
import type { PendingExecution } from '../store/pending-executions.ts';

/** What was just accepted, of a definition that was looked up and with an input that was checked, as its start needs it. */
export function pendingOf(
  tenant: string,
  { definitionId, workflow, title, version }: Startable,
  { id, createdAt }: AcceptedExecution,
  about: Pick<PendingExecution, 'correlationId' | 'startedBy' | 'input' | 'trigger' | 'parent'>,
): PendingExecution {
  return { tenant, id, rootId: id, definitionId, workflow, title, version, createdAt, inputSchema: null, ...about };
}
