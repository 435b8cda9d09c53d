import { Problem } from '../problem.ts';
import { audit } from '../store/audit.ts';
import type { Database } from '../store/database.ts';
import { definitionChanged } from '../store/definition-history.ts';
import { deleteWorkflow } from '../store/workflows.ts';

/**
 * Hides a workflow: nothing new starts from it, what runs goes on.
 * @throws Problem NOT_FOUND, DATABASE_UNAVAILABLE
 */
export async function removeWorkflow(
  database: Database,
  who: { readonly tenant: string; readonly userId: string },
  request: { readonly name: string; readonly requestId: string },
): Promise<void> {
  await database.asApp(who, async (session) => {
    const id = await deleteWorkflow(session, who.tenant, request.name);
    if (id === undefined) throw new Problem('NOT_FOUND', `There is no workflow '${request.name}'.`);
    await definitionChanged(session, who.tenant, {
      workflowId: id,
      definitionId: null,
      fromDefinitionId: null,
      action: 'deleted',
      after: { name: request.name },
      changedBy: who.userId,
    });
    await audit(session, {
      userId: who.userId,
      action: 'delete',
      resourceType: 'workflow',
      resourceId: id,
      changes: { before: { name: request.name } },
      requestId: request.requestId,
    });
  });
}
