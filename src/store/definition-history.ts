import type { Json } from '../contract.ts';
import type { Session } from './database.ts';

export type DefinitionChange = {
  readonly workflowId: string;
  readonly definitionId: string | null;
  /** What was current before. */
  readonly fromDefinitionId: string | null;
  readonly action: 'created' | 'updated' | 'published' | 'activated' | 'deleted';
  readonly after: Json;
  readonly changedBy: string;
};

/** Writes what became of a workflow's versions, in the transaction of the change. */
export async function definitionChanged(session: Session, tenant: string, change: DefinitionChange): Promise<void> {
  await session
    .insertInto('workflow_definition_history')
    .values({
      tenant_id: tenant,
      workflow_id: change.workflowId,
      definition_id: change.definitionId,
      from_definition_id: change.fromDefinitionId,
      action: change.action,
      after: JSON.stringify(change.after),
      changed_by: change.changedBy,
    })
    .execute();
}
