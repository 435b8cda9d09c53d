import { sql } from 'kysely';
import type { Json } from '../contract.ts';
import type { Session } from '../store/database.ts';

export type PageOf = {
  readonly after?: { readonly at: string; readonly id: string } | undefined;
  readonly limit: number;
};

/** Something that happened in an execution. */
export type HistoryRow = {
  readonly id: string;
  readonly type: string;
  readonly path: string | null;
  readonly actor: string | null;
  readonly data: Json;
  readonly createdAt: Date;
  /** Later than `createdAt` where it was repaired. */
  readonly mirroredAt: Date;
  readonly at: string;
};

/** What happened in an execution, newest first; one more than `limit` when there is more. */
export function listHistory(
  session: Session,
  tenant: string,
  executionId: string,
  { after, limit, path }: PageOf & { readonly path?: string | undefined },
): Promise<HistoryRow[]> {
  let query = session
    .selectFrom('execution_history as h')
    .select([sql<string>`h.id::text`.as('id'), 'h.event_type as type', 'h.path', 'h.actor', 'h.data'])
    .select(['h.created_at as createdAt', 'h.recorded_at as mirroredAt', sql<string>`h.created_at::text`.as('at')])
    .where('h.tenant_id', '=', tenant)
    .where('h.execution_id', '=', executionId)
    .orderBy('h.created_at', 'desc')
    .orderBy('h.id', 'desc')
    .limit(limit + 1);
  if (path !== undefined) query = query.where('h.path', '=', path);
  if (after) query = query.where(sql<boolean>`(h.created_at, h.id) < (${after.at}::timestamptz, ${after.id}::bigint)`);
  return query.$castTo<HistoryRow>().execute();
}

export const LOG_LEVELS = ['debug', 'info', 'warning', 'error', 'critical'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** A line that an executor logged. */
export type LogRow = {
  readonly id: string;
  readonly path: string | null;
  readonly attempt: number | null;
  readonly level: LogLevel;
  readonly message: string;
  readonly context: Json;
  readonly createdAt: Date;
  readonly at: string;
};

/** Lines of an execution's log, newest first; one more than `limit` when there are more. */
export function listLogs(
  session: Session,
  tenant: string,
  executionId: string,
  filter: PageOf & {
    readonly path?: string | undefined;
    /** The least that is shown. */
    readonly level?: LogLevel | undefined;
  },
): Promise<LogRow[]> {
  const { after, limit, path, level } = filter;
  let query = session
    .selectFrom('execution_logs as l')
    .select([sql<string>`l.id::text`.as('id'), 'l.path', 'l.attempt', 'l.level', 'l.message', 'l.context'])
    .select(['l.created_at as createdAt', sql<string>`l.created_at::text`.as('at')])
    .where('l.tenant_id', '=', tenant)
    .where('l.execution_id', '=', executionId)
    .orderBy('l.created_at', 'desc')
    .orderBy('l.id', 'desc')
    .limit(limit + 1);
  if (path !== undefined) query = query.where('l.path', '=', path);
  if (level !== undefined) query = query.where('l.level', 'in', LOG_LEVELS.slice(LOG_LEVELS.indexOf(level)));
  if (after) query = query.where(sql<boolean>`(l.created_at, l.id) < (${after.at}::timestamptz, ${after.id}::bigint)`);
  return query.$castTo<LogRow>().execute();
}

/** One try of one task. */
export type AttemptRow = {
  readonly path: string;
  readonly attempt: number;
  readonly status: string;
  readonly errorCode: string | null;
  readonly errorDetail: string | null;
  readonly retryable: boolean | null;
  readonly nextRetryAt: Date | null;
  readonly worker: string;
  readonly local: boolean;
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
  readonly durationMs: number | null;
  readonly confirmed: boolean;
  readonly mirroredAt: Date;
  /** Names the row in its execution. */
  readonly id: string;
  readonly at: string;
};

/** Attempts of an execution's tasks, newest first; one more than `limit` when there are more. */
export function listAttempts(
  session: Session,
  tenant: string,
  executionId: string,
  { after, limit, path }: PageOf & { readonly path?: string | undefined },
): Promise<AttemptRow[]> {
  const id = sql<string>`a.path || '#' || a.ord || '#' || a.attempt`;
  const at = sql<Date>`coalesce(a.start_time, a.execution_created_at)`;
  let query = session
    .selectFrom('task_attempts as a')
    .select(['a.path', 'a.attempt', 'a.status', 'a.error_code as errorCode', 'a.error_detail as errorDetail'])
    .select(['a.retryable', 'a.next_retry_at as nextRetryAt', 'a.worker', 'a.local', 'a.start_time as startedAt'])
    .select(['a.end_time as endedAt', 'a.duration_ms as durationMs', id.as('id'), sql<string>`${at}::text`.as('at')])
    .select(['a.confirmed', 'a.mirrored_at as mirroredAt'])
    .where('a.tenant_id', '=', tenant)
    .where('a.execution_id', '=', executionId)
    .orderBy(at, 'desc')
    .orderBy(id, 'desc')
    .limit(limit + 1);
  if (path !== undefined) query = query.where('a.path', '=', path);
  if (after) query = query.where(sql<boolean>`(${at}, ${id}) < (${after.at}::timestamptz, ${after.id})`);
  return query.$castTo<AttemptRow>().execute();
}
