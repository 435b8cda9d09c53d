import { sql } from 'kysely';
import { notifyChange } from '../store/change-name.ts';
import type { Session } from '../store/database.ts';

/**
 * Ends an execution that Temporal doesn't know any more. Only reported, not confirmed: should Temporal know it again,
 * what that says wins.
 */
export async function endLost(
  session: Session,
  { tenant, id }: { readonly tenant: string; readonly id: string },
): Promise<void> {
  // Above any count of the workflow's own.
  const ord = sql<number>`1000000000000`;
  await session
    .updateTable('workflow_executions')
    .set({ status: 'failed', error_code: 'LOST', error_detail: 'Temporal does not know this execution any more' })
    .set({ error_task: null, output: null, current_path: null, waiting_for: null, paused_by: null })
    .set({ end_time: sql`greatest(start_time, now())`, authority: 1, ord, attempt: 0, state_rank: 9 })
    .set({ field_orders: null, mirrored_at: sql`now()`, updated_at: sql`now()` })
    .where('tenant_id', '=', tenant)
    .where('id', '=', id)
    .where('authority', '<', 2)
    .execute();
  await sql`
    update weft.task_executions set status = 'cancelled', error_code = 'LOST', error_detail = 'The execution is lost',
      end_time = greatest(start_time, now()), authority = 1, ord = ${ord}, state_rank = 5, field_orders = null,
      mirrored_at = now(), updated_at = now()
    where tenant_id = ${tenant} and execution_id = ${id} and status in ('pending', 'running', 'waiting', 'retry')`.execute(
    session,
  );
  await sql`
    update weft.approvals set status = 'cancelled', decided_by = 'system', decided_at = now(), authority = 1,
      ord = ${ord}, mirrored_at = now(), updated_at = now()
    where tenant_id = ${tenant} and execution_id = ${id} and status = 'open'`.execute(session);
  await notifyChange(session, tenant, id, true);
}
