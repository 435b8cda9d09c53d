import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import type { ErrorInfo, ExecutionStatus, Json } from '../contract.ts';
import type { Session } from '../store/database.ts';
import { keepQuery } from '../store/kept-query.ts';
import type { DB } from '../store/tables.generated.ts';
import { HOLDERS } from './holders.ts';

/** An execution as the mirror has it, without its input and output. */
export type ExecutionRow = {
  readonly id: string;
  /** Null together in a stub: nothing but facts of it came. */
  readonly workflow: string | null;
  readonly version: string | null;
  readonly definitionId: string | null;
  readonly status: ExecutionStatus;
  readonly errorCode: string | null;
  readonly errorDetail: string | null;
  readonly errorTask: string | null;
  readonly errorAttempt: number | null;
  readonly correlationId: string | null;
  readonly priority: number;
  readonly tags: readonly string[];
  readonly startedBy: string;
  readonly pausedBy: string | null;
  readonly createdAt: Date;
  readonly startAfter: Date | null;
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
  readonly durationMs: number | null;
  readonly retryCount: number;
  readonly totalTasks: number | null;
  readonly completedTasks: number;
  /** Paths of the innermost tasks that run or wait. */
  readonly currentTasks: readonly string[];
  readonly parent: string | null;
  /** Path of the task in the parent that started it. */
  readonly parentTask: string | null;
  readonly redriveOf: string | null;
  readonly confirmed: boolean;
  readonly mirroredAt: Date;
  /** The same as SQL text: with microseconds. */
  readonly writtenAt: string;
  readonly runId: string | null;
  /** 0 to 2, see {@link Authority}. */
  readonly authority: number;
};

export type ExecutionDetail = ExecutionRow & {
  readonly input: Json;
  readonly output: Json;
  readonly waitingFor: Json;
};

export type ExecutionFilter = {
  readonly status?: ExecutionStatus | undefined;
  readonly workflow?: string | undefined;
  readonly version?: string | undefined;
  readonly correlationId?: string | undefined;
  readonly tag?: string | undefined;
  /** Id of the execution whose children they are. */
  readonly parent?: string | undefined;
  readonly createdAfter?: Date | undefined;
  readonly createdBefore?: Date | undefined;
  /** Beginning of the id or the correlation id. */
  readonly q?: string | undefined;
  readonly after?: { readonly at: string; readonly id: string } | undefined;
  readonly limit: number;
};

/** The tenant's executions, newest first; one more than `limit` when there are more. */
export function listExecutions(
  session: Session,
  tenant: string,
  filter: ExecutionFilter,
): Promise<(ExecutionRow & { readonly at: string })[]> {
  let query = executions(session)
    .where('e.tenant_id', '=', tenant)
    .select(sql<string>`e.created_at::text`.as('at'))
    .orderBy('e.created_at', 'desc')
    .orderBy('e.id', 'desc')
    .limit(filter.limit + 1);
  const { status, workflow, version, correlationId, tag, parent, createdAfter, createdBefore, q, after } = filter;
  if (status !== undefined) query = query.where('e.status', '=', status);
  if (workflow !== undefined) query = query.where('w.name', '=', workflow);
  if (version !== undefined) query = query.where('d.version', '=', version);
  if (correlationId !== undefined) query = query.where('e.correlation_id', '=', correlationId);
  if (tag !== undefined) query = query.where(sql<boolean>`${tag} = any(e.tags)`);
  if (parent !== undefined) query = query.where('e.parent_execution_id', '=', parent);
  if (createdAfter) query = query.where('e.created_at', '>', createdAfter);
  if (createdBefore) query = query.where('e.created_at', '<', createdBefore);
  if (q !== undefined) {
    const pattern = `${q.replaceAll(/[\\%_]/g, '\\$&')}%`;
    query = query.where((where) =>
      where.or([where('e.id', 'like', pattern), where('e.correlation_id', 'like', pattern)]),
    );
  }
  if (after) query = query.where(sql<boolean>`(e.created_at, e.id) < (${after.at}::timestamptz, ${after.id})`);
  return query.$castTo<ExecutionRow & { readonly at: string }>().execute();
}

/** One execution, whole. */
export async function findExecution(
  session: Session,
  tenant: string,
  id: string,
): Promise<ExecutionDetail | undefined> {
  const [execution] = await findDetail(session, tenant, id);
  return execution;
}

const findDetail = keepQuery((session, tenant: string, id: string) =>
  details(session).where('e.tenant_id', '=', tenant).where('e.id', '=', id),
);

/** Executions, whole. @param from the table, or rows of it */
export function details(session: Session, from = 'workflow_executions') {
  return executions(session, from)
    .select(['e.input', 'e.output', 'e.waiting_for as waitingFor'])
    .$castTo<ExecutionDetail>();
}

/** The error of an execution as the API shows it. */
export function errorOf(row: ExecutionRow): ErrorInfo | null {
  if (row.errorCode === null) return null;
  return {
    code: row.errorCode,
    detail: row.errorDetail ?? '',
    ...(row.errorTask !== null && { task: row.errorTask }),
    ...(row.errorAttempt !== null && row.errorAttempt > 0 && { attempt: row.errorAttempt }),
  };
}

function executions(session: Session, from = 'workflow_executions') {
  return session
    .selectFrom(sql<Selectable<DB['workflow_executions']>>`${sql.table(from)}`.as('e'))
    .leftJoin('workflows as w', (join) =>
      join.onRef('w.tenant_id', '=', 'e.tenant_id').onRef('w.id', '=', 'e.workflow_id'),
    )
    .leftJoin('workflow_definitions as d', (join) =>
      join.onRef('d.tenant_id', '=', 'e.tenant_id').onRef('d.id', '=', 'e.definition_id'),
    )
    .leftJoin('users as u', (join) =>
      join.onRef('u.tenant_id', '=', 'e.tenant_id').onRef('u.id', '=', 'e.triggered_by'),
    )
    .select(['e.id', 'w.name as workflow', 'd.version', 'e.status', 'e.correlation_id as correlationId'])
    .select('e.definition_id as definitionId')
    .select(['e.priority', 'e.tags', 'e.paused_by as pausedBy', 'e.created_at as createdAt'])
    .select(['e.error_code as errorCode', 'e.error_detail as errorDetail', 'e.error_task as errorTask'])
    .select(['e.start_after as startAfter', 'e.start_time as startedAt', 'e.end_time as endedAt'])
    .select(['e.duration_ms as durationMs', 'e.redrive_number as retryCount', 'e.total_tasks as totalTasks'])
    .select(['e.completed_tasks as completedTasks', 'e.redrive_of as redriveOf'])
    .select(['e.parent_execution_id as parent', 'e.parent_path as parentTask'])
    .select(['e.confirmed', 'e.mirrored_at as mirroredAt', 'e.temporal_run_id as runId', 'e.authority'])
    .select(sql<string>`e.mirrored_at::text`.as('writtenAt'))
    .select(sql<string>`coalesce(u.username, e.triggered_by)`.as('startedBy'))
    .select(
      sql<number | null>`case when e.error_task is not null then (
        select t.attempt from weft.task_executions t
        where t.tenant_id = e.tenant_id and t.execution_id = e.id and t.path = e.error_task
      ) end`.as('errorAttempt'),
    )
    .select(
      sql<string[]>`case when e.status in ('running', 'paused') then array(
        select t.path from weft.task_executions t
        where t.tenant_id = e.tenant_id and t.execution_id = e.id
          and t.status in ('running', 'waiting', 'retry') and t.type not in ${HOLDERS}
        order by t.execution_order, t.path limit 20
      ) else '{}' end`.as('currentTasks'),
    );
}
