import { sql } from 'kysely';
import { ENGINE_VERSION } from '../contract.ts';
import type { Json, RunInput } from '../contract.ts';
import { notifyChange } from './change-name.ts';
import type { Session } from './database.ts';
import { givenRows } from './given-rows.ts';
import { isLeftToAcceptor } from './left-to-acceptor.ts';

/** An accepted execution that Temporal may not know yet: all that its start needs but the Plan. */
export type PendingExecution = {
  readonly tenant: string;
  readonly id: string;
  readonly rootId: string;
  readonly definitionId: string;
  /** Name of the workflow. */
  readonly workflow: string;
  readonly title: string;
  readonly version: string;
  readonly correlationId: string | null;
  readonly createdAt: Date;
  readonly startedBy: string;
  readonly input: Json;
  readonly inputSchema: Json;
  readonly trigger: string;
  /** Who waits for its end, null where nobody does. */
  readonly parent: RunInput['parent'] | null;
};

/** One that waits for its start. */
export type DueExecution = PendingExecution & {
  /** Seconds since it was due. */
  readonly age: number;
};

/** Locks up to `limit` executions that are due, the oldest first; what somebody else is starting is left out. */
export function lockDue(session: Session, limit: number, without: readonly string[]): Promise<DueExecution[]> {
  return pending(session)
    .where(sql<boolean>`e.id <> all(${[...without]}::text[])`)
    .where((where) =>
      where.or([
        where.and([where('e.start_after', 'is', null), sql<boolean>`not ${isLeftToAcceptor('e')}`]),
        where('e.start_after', '<=', sql<Date>`clock_timestamp()`),
      ]),
    )
    .orderBy('e.created_at')
    .limit(limit)
    .forNoKeyUpdate(['e'])
    .skipLocked()
    .$castTo<DueExecution>()
    .execute();
}

/** A run that Temporal has begun. */
export type StartedRun = { readonly tenant: string; readonly id: string; readonly runId: string };

/** Notes that Temporal has them: nobody starts them again. */
export async function markStarted(session: Session, runs: readonly StartedRun[]): Promise<void> {
  // In the order of their keys, so that two never wait for each other in a circle.
  const sorted = [...runs].sort((a, b) => (`${a.tenant}/${a.id}` < `${b.tenant}/${b.id}` ? -1 : 1));
  await sql`
    update weft.workflow_executions e
    set temporal_run_id = coalesce(e.temporal_run_id, x.run_id), first_run_id = x.run_id, engine_version = ${ENGINE_VERSION}::int
    from ${givenRows(
      sorted.map(({ tenant, id, runId }) => ({ tenant, id, run_id: runId })),
      'tenant text, id text, run_id text',
    )}
    where e.tenant_id = x.tenant and e.id = x.id and e.first_run_id is null`.execute(session);
}

/**
 * Ends an execution that never ran, so that nobody starts it any more. Confirmed at once when Temporal can't know it;
 * otherwise the sweeper confirms it.
 */
export async function endUnstarted(
  session: Session,
  execution: { readonly tenant: string; readonly id: string },
  end: {
    readonly status: 'failed' | 'cancelled';
    readonly code: string;
    readonly detail: string;
    readonly isConfirmed: boolean;
  },
): Promise<boolean> {
  const { tenant, id } = execution;
  const { numUpdatedRows } = await session
    .updateTable('workflow_executions')
    .set({
      status: end.status,
      error_code: end.code,
      error_detail: end.detail,
      end_time: sql`clock_timestamp()`,
      authority: end.isConfirmed ? 2 : 1,
      // More than any rank: a late hint of an attempt to start it changes nothing.
      state_rank: 9,
      mirrored_at: sql`now()`,
      updated_at: sql`now()`,
    })
    .where('tenant_id', '=', tenant)
    .where('id', '=', id)
    .where('status', '=', 'pending')
    .where('temporal_run_id', 'is', null)
    .executeTakeFirstOrThrow();
  await notifyChange(session, tenant, id, true);
  return numUpdatedRows > 0n;
}

/** Confirms the end of an execution that never ran and that Temporal, asked, doesn't know. */
export async function confirmUnstarted(session: Session, tenant: string, id: string): Promise<void> {
  await session
    .updateTable('workflow_executions')
    .set({ authority: 2, mirrored_at: sql`now()`, updated_at: sql`now()` })
    .where('tenant_id', '=', tenant)
    .where('id', '=', id)
    .where('authority', '=', 1)
    .where('status', '=', 'cancelled')
    .where('temporal_run_id', 'is', null)
    .execute();
  await notifyChange(session, tenant, id, true);
}

function pending(session: Session) {
  return session
    .selectFrom('workflow_executions as e')
    .innerJoin('workflow_definitions as d', (join) =>
      join.onRef('d.tenant_id', '=', 'e.tenant_id').onRef('d.id', '=', 'e.definition_id'),
    )
    .innerJoin('workflows as w', (join) =>
      join.onRef('w.tenant_id', '=', 'e.tenant_id').onRef('w.id', '=', 'e.workflow_id'),
    )
    .select(['e.tenant_id as tenant', 'e.id', 'e.root_execution_id as rootId', 'd.id as definitionId'])
    .select(['w.name as workflow', 'w.title', 'd.version', 'e.correlation_id as correlationId'])
    .select(['e.created_at as createdAt', 'e.triggered_by as startedBy', 'e.input', 'e.trigger'])
    .select(sql<Json>`d.body -> 'input'`.as('inputSchema'))
    .select(
      sql`case when e.parent_waits then
        jsonb_build_object('executionId', e.parent_execution_id, 'path', e.parent_path) end`.as('parent'),
    )
    .select(
      sql<number>`extract(epoch from clock_timestamp() - greatest(e.created_at, e.start_after))::float8`.as('age'),
    )
    .where('e.status', '=', 'pending')
    .where('e.temporal_run_id', 'is', null);
}
