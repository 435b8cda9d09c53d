import { ENDED_EXECUTION_STATUSES } from '../contract.ts';
import { cleanText, cutText } from './clean.ts';
import type { MirrorRow, OrderKey, Value } from './mirror-row.ts';
import { endOf, keyOf, orderOf, timeOf } from './mirror-row.ts';
import type { Upserted } from './mirror-table.ts';
import type { ExecutionFact, Subject } from './record.ts';
import { jsonOf, MAX_DETAIL } from './task-rows.ts';

/** `workflow_executions`: the columns that change while it runs. */
export const executions: Upserted = {
  name: 'workflow_executions',
  key: ['tenant_id', 'id'],
  types: {
    tenant_id: 'text',
    id: 'text',
    created_at: 'timestamptz',
    status: 'text',
    output: 'jsonb',
    error_code: 'text',
    error_detail: 'text',
    error_task: 'text',
    current_path: 'text',
    waiting_for: 'jsonb',
    paused_by: 'text',
    completed_tasks: 'int',
    total_tasks: 'int',
    temporal_run_id: 'text',
    start_time: 'timestamptz',
    end_time: 'timestamptz',
  },
  constant: ['created_at'],
  least: ['start_time'],
  greatest: ['total_tasks'],
  groups: {
    outcome: ['output', 'error_code', 'error_detail', 'error_task'],
    position: ['current_path', 'waiting_for', 'paused_by'],
    progress: ['completed_tasks'],
    run: ['temporal_run_id'],
  },
  showsGreatestAttempt: false,
  touched: ['mirrored_at', 'updated_at'],
};

export function executionRow(fact: ExecutionFact): MirrorRow {
  const { error, currentPath = null, waitingFor, pausedBy = null } = fact;
  const order = orderOf(fact);
  const isOpen = !(ENDED_EXECUTION_STATUSES as readonly string[]).includes(fact.status);
  const givenAt: { [group: string]: OrderKey } = {};
  const values: { [column: string]: Value } = {
    tenant_id: fact.tenant,
    id: fact.executionId,
    created_at: fact.executionCreatedAt,
    status: fact.status,
    completed_tasks: fact.completedTasks ?? 0,
    total_tasks: fact.totalTasks ?? null,
    start_time: timeOf(fact.startedAt),
    end_time: endOf(fact),
  };
  if (fact.output !== undefined || error !== undefined || isOpen) {
    givenAt['outcome'] = order;
    values['output'] = jsonOf(fact.output);
    values['error_code'] = error === undefined ? null : cutText(error.code, MAX_DETAIL);
    values['error_detail'] = error === undefined ? null : cutText(error.detail, MAX_DETAIL);
    values['error_task'] = error?.task === undefined ? null : cleanText(error.task);
  }
  // What has ended is nowhere and waits for nothing, whether the write says so or not.
  if (!isOpen || fact.currentPath !== undefined || waitingFor !== undefined || fact.pausedBy !== undefined) {
    givenAt['position'] = order;
    values['current_path'] = isOpen && currentPath !== null ? cleanText(currentPath) : null;
    values['waiting_for'] = isOpen ? jsonOf(waitingFor) : null;
    values['paused_by'] = isOpen && pausedBy !== null ? cleanText(pausedBy) : null;
  }
  if (fact.completedTasks !== undefined) givenAt['progress'] = order;
  if (fact.temporalRunId !== undefined) {
    givenAt['run'] = order;
    values['temporal_run_id'] = fact.temporalRunId;
  }
  return { key: keyOf(fact), order, values, givenAt };
}

/** The row of an execution of which nothing but its facts is known; any write of the execution itself is greater. */
export function stubRow(subject: Subject): MirrorRow {
  return {
    key: keyOf(subject),
    order: [0, 0, 0, 0, 1],
    values: {
      tenant_id: subject.tenant,
      id: subject.executionId,
      created_at: subject.executionCreatedAt,
      // Not `pending`: nobody must start it.
      status: 'running',
      completed_tasks: 0,
    },
    givenAt: {},
  };
}
