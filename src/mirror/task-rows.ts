import { cleanText, cutText, toCleanJson } from './clean.ts';
import type { MirrorRow, OrderKey, Value } from './mirror-row.ts';
import { endOf, keyOf, orderOf, timeOf } from './mirror-row.ts';
import type { Upserted } from './mirror-table.ts';
import type { TaskFact } from './record.ts';

/** Bytes of an error's text that are kept; Temporal cuts there too. */
export const MAX_DETAIL = 4_096;

/** `task_executions` */
export const tasks: Upserted = {
  name: 'task_executions',
  key: ['tenant_id', 'execution_id', 'path'],
  types: {
    tenant_id: 'text',
    execution_id: 'text',
    path: 'text',
    task_id: 'text',
    parent_path: 'text',
    item_index: 'int',
    title: 'text',
    type: 'text',
    executor: 'text',
    dependencies: 'jsonb',
    execution_order: 'int',
    status: 'text',
    retry_count: 'int',
    max_retries: 'int',
    input: 'jsonb',
    result: 'jsonb',
    error_code: 'text',
    error_detail: 'text',
    local: 'boolean',
    start_time: 'timestamptz',
    end_time: 'timestamptz',
  },
  constant: [],
  least: ['start_time'],
  greatest: ['retry_count', 'max_retries', 'local'],
  groups: { input: ['input'], outcome: ['result', 'error_code', 'error_detail'] },
  showsGreatestAttempt: true,
  touched: ['mirrored_at', 'updated_at'],
};

/** A task that is in one of these has neither result nor error. */
const WITHOUT_OUTCOME = new Set(['pending', 'running', 'waiting', 'skipped']);

export function taskRow(fact: TaskFact): MirrorRow {
  const { task, error } = fact;
  const order = orderOf(fact);
  const givenAt: { [group: string]: OrderKey } = {};
  const values: { [column: string]: Value } = {
    tenant_id: fact.tenant,
    execution_id: fact.executionId,
    path: cleanText(task.path),
    task_id: cleanText(task.taskId),
    parent_path: task.parentPath === undefined ? null : cleanText(task.parentPath),
    item_index: task.itemIndex ?? null,
    title: task.title === undefined ? null : cleanText(task.title),
    type: task.type,
    executor: task.executor ?? null,
    dependencies: toCleanJson(task.dependencies),
    execution_order: task.order,
    status: fact.status,
    attempt: fact.attempt,
    retry_count: fact.retryCount,
    max_retries: fact.maxRetries,
    local: fact.local,
    start_time: timeOf(fact.startedAt),
    end_time: endOf(fact),
  };
  if (fact.input !== undefined) {
    givenAt['input'] = order;
    values['input'] = jsonOf(fact.input);
  }
  if (fact.result !== undefined || error !== undefined || WITHOUT_OUTCOME.has(fact.status)) {
    givenAt['outcome'] = order;
    values['result'] = jsonOf(fact.result);
    values['error_code'] = error === undefined ? null : cutText(error.code, MAX_DETAIL);
    values['error_detail'] = error === undefined ? null : cutText(error.detail, MAX_DETAIL);
  }
  return { key: keyOf(fact, task.path), order, values, givenAt };
}

/** JSON text; null and nothing are the same SQL null. */
export function jsonOf(value: unknown): string | null {
  return value === undefined || value === null ? null : toCleanJson(value);
}
