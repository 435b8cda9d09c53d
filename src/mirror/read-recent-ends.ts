import { sql } from 'kysely';
import type { Session } from '../store/database.ts';
import { givenRows } from '../store/given-rows.ts';
import type { RunEnd } from './close-executions.ts';

/** Ends that were folded in the last seconds, the latest first, as what still comes in of them is closed. */
export async function listRecentEnds(session: Session, seconds: number, limit: number): Promise<readonly RunEnd[]> {
  const { rows } = await sql<RunEnd>`
    select c.tenant_id as tenant, c.execution_id as "executionId", c.run_id as "runId", c.run_no as "runNumber", c.epoch,
      c.last_event_id::int as "lastEventId", to_json(e.end_time) #>> '{}' as "closedAt", c.folded as "isFolded",
      case when e.error_code in ('TERMINATED', 'TIMEOUT') and e.error_task is null
        then jsonb_build_object('code', e.error_code, 'detail', coalesce(e.error_detail, ''))
        else jsonb_build_object('code', 'CANCELLED', 'detail', 'Cancelled') end as "leftOver"
    from weft.mirror_cursors c
    join weft.workflow_executions e on e.tenant_id = c.tenant_id and e.id = c.execution_id
    where c.closed and c.folded is not null and c.checked_at > now() - ${seconds}::float8 * interval '1 second' and e.authority = 2
    order by c.checked_at desc limit ${limit}::int`.execute(session);
  return rows;
}

/** Those of the ends that are still that: nobody has opened their executions again since. */
export async function findStanding(session: Session, ends: readonly RunEnd[]): Promise<readonly RunEnd[]> {
  const keys = ends.map(({ tenant, executionId, runId }) => ({ tenant, id: executionId, run_id: runId }));
  const { rows } = await sql<{ runId: string }>`
    select c.run_id as "runId" from ${givenRows(keys, 'tenant text, id text, run_id text')}
    join weft.mirror_cursors c on c.tenant_id = x.tenant and c.execution_id = x.id and c.run_id = x.run_id and c.closed`.execute(
    session,
  );
  const standing = new Set(rows.map(({ runId }) => runId));
  return ends.filter(({ runId }) => standing.has(runId));
}
