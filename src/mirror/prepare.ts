import { approvalRow, voteRows } from './approval-rows.ts';
import { attemptRow } from './attempt-rows.ts';
import { executionRow } from './execution-rows.ts';
import { historyRow } from './history-rows.ts';
import { logRow } from './log-rows.ts';
import type { MirrorRow } from './mirror-row.ts';
import type { Fact, Subject } from './record.ts';
import { taskRow } from './task-rows.ts';

/** Tables in the order in which every transaction writes them, so that two never wait for each other in a circle. */
export const TABLES = ['executions', 'tasks', 'attempts', 'approvals', 'votes', 'history', 'logs'] as const;
export type TableName = (typeof TABLES)[number];

/** A fact as rows, made once when it is recorded. */
export type Prepared = {
  readonly subject: Subject;
  readonly rows: readonly (readonly [TableName, MirrorRow])[];
  /** About, in memory. */
  readonly bytes: number;
  /** What is given up first when there is no room: others will say it again, better. */
  readonly isHint: boolean;
};

/** What a row takes beside its values. */
const ROW_BYTES = 400;

/** @throws TypeError or RangeError when the fact holds what is no JSON or no time */
export function prepare(fact: Fact): Prepared {
  const { tenant, executionId, executionCreatedAt } = fact;
  const rows = rowsOf(fact);
  let bytes = 0;
  for (const [, { values }] of rows) {
    bytes += ROW_BYTES;
    for (const value of Object.values(values)) if (typeof value === 'string') bytes += value.length;
  }
  const isHint = fact.kind === 'log' || (fact.kind !== 'history' && fact.authority === 0);
  return { subject: { tenant, executionId, executionCreatedAt }, rows, bytes, isHint };
}

function rowsOf(fact: Fact): Prepared['rows'] {
  switch (fact.kind) {
    case 'execution':
      return [['executions', executionRow(fact)]];
    case 'task':
      return [['tasks', taskRow(fact)]];
    case 'attempt':
      return [['attempts', attemptRow(fact)]];
    case 'approval':
      return [['approvals', approvalRow(fact)], ...voteRows(fact).map((row) => ['votes', row] as const)];
    case 'history':
      return [['history', historyRow(fact)]];
    case 'log':
      return [['logs', logRow(fact)]];
  }
}
