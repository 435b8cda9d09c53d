import { sql } from 'kysely';
import type { Json, TaskStatus } from '../contract.ts';
import type { Session } from '../store/database.ts';
import { OVERLAP } from './overlap.ts';

/** A task as the mirror has it. */
export type TaskRow = {
  readonly path: string;
  readonly taskId: string;
  readonly type: string;
  readonly executor: string | null;
  readonly title: string | null;
  readonly parentPath: string | null;
  readonly itemIndex: number | null;
  readonly dependencies: Json;
  /** Position in a walk of the Plan. */
  readonly order: number;
  readonly status: TaskStatus;
  readonly attempt: number;
  readonly retryCount: number;
  /** Null = unlimited, or not known. */
  readonly maxRetries: number | null;
  readonly local: boolean;
  readonly input: Json;
  readonly result: Json;
  readonly errorCode: string | null;
  readonly errorDetail: string | null;
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
  readonly durationMs: number | null;
  readonly confirmed: boolean;
  readonly mirroredAt: Date;
  /** When the row was written, as SQL text: with microseconds. */
  readonly writtenAt: string;
};

export type TaskFilter = {
  readonly path?: string | undefined;
  readonly status?: TaskStatus | undefined;
  readonly after?: { readonly order: number; readonly path: string } | undefined;
  readonly limit: number;
};

/** Tasks of an execution in the order of its definition; one more than `limit` when there are more. */
export function listTasks(
  session: Session,
  tenant: string,
  executionId: string,
  { path, status, after, limit }: TaskFilter,
): Promise<TaskRow[]> {
  let query = tasks(session, tenant, executionId)
    .orderBy('t.execution_order')
    .orderBy(sql`t.path collate "C"`)
    .limit(limit + 1);
  if (path !== undefined) query = query.where('t.path', '=', path);
  if (status !== undefined) query = query.where('t.status', '=', status);
  if (after) {
    query = query.where(sql<boolean>`(t.execution_order, t.path collate "C") > (${after.order}::int, ${after.path})`);
  }
  return query.$castTo<TaskRow>().execute();
}

/** Tasks of an execution that were written since a time (SQL text) or shortly before, in the order they were written. */
export function listTasksSince(
  session: Session,
  tenant: string,
  executionId: string,
  since: string,
): Promise<TaskRow[]> {
  return tasks(session, tenant, executionId)
    .where(sql<boolean>`t.mirrored_at >= ${since}::timestamptz - ${OVERLAP}`)
    .orderBy('t.mirrored_at')
    .orderBy('t.execution_order')
    .$castTo<TaskRow>()
    .execute();
}

function tasks(session: Session, tenant: string, executionId: string) {
  return session
    .selectFrom('task_executions as t')
    .select(['t.path', 't.task_id as taskId', 't.type', 't.executor', 't.title', 't.parent_path as parentPath'])
    .select(['t.item_index as itemIndex', 't.dependencies', 't.execution_order as order', 't.status', 't.attempt'])
    .select(['t.retry_count as retryCount', 't.max_retries as maxRetries', 't.local', 't.input', 't.result'])
    .select(['t.error_code as errorCode', 't.error_detail as errorDetail', 't.start_time as startedAt'])
    .select(['t.end_time as endedAt', 't.duration_ms as durationMs', 't.confirmed', 't.mirrored_at as mirroredAt'])
    .select(sql<string>`t.mirrored_at::text`.as('writtenAt'))
    .where('t.tenant_id', '=', tenant)
    .where('t.execution_id', '=', executionId);
}
