import { sql } from 'kysely';
import { forgetTold } from '../store/children.ts';
import { notifyChange } from '../store/change-name.ts';
import type { Session } from '../store/database.ts';
import type { ExecutionKey } from './read-unconfirmed.ts';

/** What becomes of a row that stays: whatever is told of it from now on is greater, first of all what the history says. */
const STAYS = sql`epoch = 0, authority = 0, ord = 0, field_orders = null, mirrored_at = now(), updated_at = now()`;

/**
 * Opens an execution again whose end is not its end any more, as somebody reset it or Temporal was put back to an older
 * copy; its history counts as another one from here on (`epoch`). False where nothing was done.
 * @param about.once not where that was done for this run before
 * @param about.ended paths of the tasks that the new history has ended already: they stay, the others never happened in
 * it; null where nobody knows: all stay
 */
export async function reopenExecution(
  session: Session,
  { tenant, id }: ExecutionKey,
  about: { readonly runId: string; readonly once: boolean; readonly ended: readonly string[] | null },
): Promise<boolean> {
  const { runId, once, ended } = about;
  const told = await sql`
    insert into weft.execution_history (tenant_id, execution_id, event_key, event_type, data, created_at)
    select tenant_id, id, concat_ws(' ', ' workflow_reopened', ${runId}::text, ${once ? sql`null` : sql`now()`}), 'workflow_reopened',
      jsonb_build_object('run', ${runId}::text), now()
    from weft.workflow_executions e where tenant_id = ${tenant} and id = ${id} and not (${once} and exists (
      select from weft.execution_history h where h.tenant_id = e.tenant_id and h.execution_id = e.id
        and h.event_type = 'workflow_reopened' and h.data->>'run' = ${runId}))`.execute(session);
  if (Number(told.numAffectedRows) === 0) return false;
  await sql`
    update weft.workflow_executions set status = 'running', output = null, error_code = null, error_detail = null,
      error_task = null, current_path = null, waiting_for = null, paused_by = null, end_time = null, completed_tasks = 0,
      temporal_run_id = ${runId}, epoch = 0, authority = 0, ord = 0, attempt = 0, state_rank = 1, field_orders = null,
      mirrored_at = now(), updated_at = now()
    where tenant_id = ${tenant} and id = ${id}`.execute(session);
  for (const table of ended === null ? [] : ['task_executions', 'approvals']) {
    const rows = sql`${sql.table(`weft.${table}`)} where tenant_id = ${tenant} and execution_id = ${id}`;
    await sql`delete from ${rows} and path <> all (${ended}::text[])`.execute(session);
  }
  await sql`update weft.task_executions set ${STAYS} where tenant_id = ${tenant} and execution_id = ${id}`.execute(
    session,
  );
  await sql`
    update weft.approvals set epoch = 0, authority = 1, ord = 0, mirrored_at = now(), updated_at = now()
    where tenant_id = ${tenant} and execution_id = ${id}`.execute(session);
  await sql`
    insert into weft.mirror_cursors as c (tenant_id, execution_id, run_id, epoch) values (${tenant}, ${id}, ${runId}, 1)
    on conflict (tenant_id, execution_id) do update set epoch = c.epoch + 1, closed = false, checked_at = now()`.execute(
    session,
  );
  await forgetTold(session, { tenant, id });
  await notifyChange(session, tenant, id, false);
  return true;
}
