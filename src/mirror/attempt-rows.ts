import { cleanText, cutText } from './clean.ts';
import type { MirrorRow } from './mirror-row.ts';
import { endOf, keyOf, orderOf, timeOf } from './mirror-row.ts';
import type { Upserted } from './mirror-table.ts';
import type { AttemptFact } from './record.ts';
import { MAX_DETAIL } from './task-rows.ts';

/** `task_attempts`: its key holds the schedule time and the number, so authority and state rank alone order its writes. */
export const attempts: Upserted = {
  name: 'task_attempts',
  key: ['tenant_id', 'execution_id', 'path', 'ord', 'attempt', 'execution_created_at'],
  types: {
    tenant_id: 'text',
    execution_id: 'text',
    path: 'text',
    execution_created_at: 'timestamptz',
    run_id: 'text',
    status: 'text',
    error_code: 'text',
    error_detail: 'text',
    retryable: 'boolean',
    next_retry_at: 'timestamptz',
    worker: 'text',
    local: 'boolean',
    start_time: 'timestamptz',
    end_time: 'timestamptz',
  },
  constant: [],
  least: ['start_time'],
  greatest: [],
  groups: {},
  showsGreatestAttempt: false,
  touched: ['mirrored_at'],
};

export function attemptRow(fact: AttemptFact): MirrorRow {
  const { error } = fact;
  return {
    key: keyOf(fact, fact.path, fact.ord, fact.attempt),
    order: orderOf(fact),
    values: {
      tenant_id: fact.tenant,
      execution_id: fact.executionId,
      path: cleanText(fact.path),
      execution_created_at: fact.executionCreatedAt,
      run_id: fact.runId,
      status: fact.status,
      error_code: error === undefined ? null : cutText(error.code, MAX_DETAIL),
      error_detail: error === undefined ? null : cutText(error.detail, MAX_DETAIL),
      retryable: fact.retryable,
      next_retry_at: timeOf(fact.nextRetryAt),
      worker: cleanText(fact.worker),
      local: fact.local,
      start_time: timeOf(fact.startedAt),
      end_time: endOf(fact),
    },
    givenAt: {},
  };
}
