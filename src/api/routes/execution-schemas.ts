import { z } from '@hono/zod-openapi';
import { EXECUTION_STATUSES, TASK_STATUSES } from '../../contract.ts';
import { LOG_LEVELS } from '../../mirror/read-history.ts';

const json = z.unknown().openapi({ description: 'Any JSON' });
const time = z.iso.datetime();
const mirroredAt = time.openapi({ description: 'When the mirror last wrote it' });
/** How good a row is. */
export const mirrored = {
  confirmed: z.boolean().openapi({ description: 'Temporal said so itself; it does not change any more' }),
  mirroredAt,
};

const error = z
  .object({ code: z.string(), detail: z.string(), task: z.string().optional(), attempt: z.number().int().optional() })
  .openapi('ExecutionError');

const temporal = z
  .object({ workflowId: z.string(), runId: z.string().nullable(), url: z.string().nullable() })
  .openapi('TemporalLink', { description: 'Where Temporal shows it' });

const item = z.object({
  id: z.string(),
  workflow: z.string().nullable(),
  version: z.string().nullable(),
  status: z.enum(EXECUTION_STATUSES),
  error: error.nullable(),
  correlationId: z.string().nullable(),
  priority: z.number().int(),
  tags: z.array(z.string()),
  startedBy: z.string(),
  createdAt: time,
  startAfter: time.nullable(),
  startedAt: time.nullable(),
  endedAt: time.nullable(),
  durationMs: z.number().nullable(),
  retryCount: z.number().int().openapi({ description: 'Which redrive this is' }),
  progress: z.object({ total: z.number().int(), completed: z.number().int() }),
  currentTasks: z.array(z.string()).openapi({ description: 'Paths of what runs or waits, at most 20' }),
  parent: z.string().nullable().openapi({ description: 'The execution whose sub_workflow task started it' }),
  parentTask: z.string().nullable().openapi({ description: 'Path of that task' }),
  redriveOf: z.string().nullable(),
  ...mirrored,
  temporal,
});

/** In a list: without what may be long. */
export const executionItem = item.openapi('ExecutionItem');
export const execution = item
  .extend({
    input: json,
    output: json,
    waitingFor: z.unknown().openapi({ description: 'What it said last that it waits for: approvals, events, times' }),
  })
  .openapi('Execution');

export const task = z
  .object({
    path: z.string(),
    taskId: z.string(),
    type: z.string(),
    executor: z.string().nullable(),
    title: z.string().nullable(),
    parentPath: z.string().nullable(),
    itemIndex: z.number().int().nullable(),
    dependencies: z.array(z.string()),
    order: z.number().int(),
    status: z.enum(TASK_STATUSES),
    attempt: z.number().int(),
    retryCount: z.number().int(),
    maxRetries: z.number().int().nullable(),
    local: z.boolean(),
    input: json,
    result: json,
    error: error.nullable(),
    startedAt: time.nullable(),
    endedAt: time.nullable(),
    durationMs: z.number().nullable(),
    ...mirrored,
  })
  .openapi('Task');

export const historyEvent = z
  .object({
    id: z.string(),
    type: z.string(),
    path: z.string().nullable(),
    actor: z.string().nullable(),
    data: json,
    at: time,
    mirroredAt,
  })
  .openapi('HistoryEvent');

export const logLine = z
  .object({
    id: z.string(),
    level: z.enum(LOG_LEVELS),
    message: z.string(),
    context: json,
    path: z.string().nullable(),
    attempt: z.number().int().nullable(),
    at: time,
  })
  .openapi('LogLine');

export const attempt = z
  .object({
    path: z.string(),
    attempt: z.number().int(),
    status: z.string(),
    error: error.nullable(),
    retryable: z.boolean().nullable(),
    nextRetryAt: time.nullable(),
    worker: z.string(),
    local: z.boolean(),
    startedAt: time.nullable(),
    endedAt: time.nullable(),
    durationMs: z.number().nullable(),
    ...mirrored,
  })
  .openapi('Attempt');
