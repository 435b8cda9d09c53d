import type { z } from '@hono/zod-openapi';
import { workflowIdOf } from '../../ids.ts';
import { errorOf } from '../../mirror/read-executions.ts';
import type { ExecutionDetail, ExecutionRow } from '../../mirror/read-executions.ts';
import type { AttemptRow, HistoryRow, LogRow } from '../../mirror/read-history.ts';
import type { TaskRow } from '../../mirror/read-tasks.ts';
import type { Services } from '../services.ts';
import type * as schemas from './execution-schemas.ts';

type LinkConfig = Pick<Services['config'], 'TEMPORAL_UI' | 'TEMPORAL_NAMESPACE'>;

/** Where Temporal shows an execution; `url` is null without a UI or before it is there. */
export function temporalLink(config: LinkConfig, tenant: string, id: string, runId: string | null) {
  const workflowId = workflowIdOf(tenant, id);
  const { TEMPORAL_UI: ui, TEMPORAL_NAMESPACE: namespace } = config;
  const url =
    ui === undefined || runId === null
      ? null
      : `${ui.replace(/\/$/, '')}/namespaces/${namespace}/workflows/${encodeURIComponent(workflowId)}/${runId}/history`;
  return { workflowId, runId, url };
}

/** @param tenant of whoever asks: nobody sees another's */
export function showItem(row: ExecutionRow, config: LinkConfig, tenant: string): z.input<typeof schemas.executionItem> {
  const { id, workflow, version, status, correlationId, priority, tags, startedBy, durationMs, retryCount } = row;
  return {
    id,
    workflow,
    version,
    status,
    correlationId,
    priority,
    startedBy,
    durationMs,
    retryCount,
    error: errorOf(row),
    tags: [...tags],
    createdAt: row.createdAt.toISOString(),
    startAfter: isoOf(row.startAfter),
    startedAt: isoOf(row.startedAt),
    endedAt: isoOf(row.endedAt),
    progress: { total: row.totalTasks ?? 0, completed: row.completedTasks },
    currentTasks: [...row.currentTasks],
    parent: row.parent,
    parentTask: row.parentTask,
    redriveOf: row.redriveOf,
    confirmed: row.confirmed,
    mirroredAt: row.mirroredAt.toISOString(),
    temporal: temporalLink(config, tenant, id, row.runId),
  };
}

export function showExecution(
  row: ExecutionDetail,
  config: LinkConfig,
  tenant: string,
): z.input<typeof schemas.execution> {
  return { ...showItem(row, config, tenant), input: row.input, output: row.output, waitingFor: row.waitingFor };
}

export function showTask(row: TaskRow): z.input<typeof schemas.task> {
  const { path, taskId, type, executor, title, parentPath, itemIndex, order, status, attempt, retryCount } = row;
  const { maxRetries, local, input, result, durationMs, confirmed } = row;
  return {
    path,
    taskId,
    type,
    executor,
    title,
    parentPath,
    itemIndex,
    order,
    status,
    attempt,
    retryCount,
    maxRetries,
    local,
    input,
    result,
    durationMs,
    confirmed,
    mirroredAt: row.mirroredAt.toISOString(),
    dependencies: row.dependencies as string[],
    error: taskErrorOf(row),
    startedAt: isoOf(row.startedAt),
    endedAt: isoOf(row.endedAt),
  };
}

export function showEvent({
  id,
  type,
  path,
  actor,
  data,
  createdAt,
  mirroredAt,
}: HistoryRow): z.input<typeof schemas.historyEvent> {
  return { id, type, path, actor, data, at: createdAt.toISOString(), mirroredAt: mirroredAt.toISOString() };
}

export function showLine(row: LogRow): z.input<typeof schemas.logLine> {
  const { id, level, message, context, path, attempt } = row;
  return { id, level, message, context, path, attempt, at: row.createdAt.toISOString() };
}

export function showAttempt(row: AttemptRow): z.input<typeof schemas.attempt> {
  const { path, attempt, status, retryable, worker, local, durationMs, confirmed } = row;
  return {
    path,
    attempt,
    status,
    retryable,
    worker,
    local,
    durationMs,
    confirmed,
    mirroredAt: row.mirroredAt.toISOString(),
    error: taskErrorOf(row),
    nextRetryAt: isoOf(row.nextRetryAt),
    startedAt: isoOf(row.startedAt),
    endedAt: isoOf(row.endedAt),
  };
}

function taskErrorOf({
  path,
  attempt,
  errorCode,
  errorDetail,
}: Pick<TaskRow, 'path' | 'attempt' | 'errorCode' | 'errorDetail'>) {
  return errorCode === null ? null : { code: errorCode, detail: errorDetail ?? '', task: path, attempt };
}

function isoOf(time: Date | null): string | null {
  return time?.toISOString() ?? null;
}
