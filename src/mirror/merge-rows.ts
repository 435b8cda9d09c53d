import { approvals } from './approval-rows.ts';
import { attempts } from './attempt-rows.ts';
import { executions } from './execution-rows.ts';
import type { MirrorRow } from './mirror-row.ts';
import { mergeRows } from './mirror-table.ts';
import type { Prepared, TableName } from './prepare.ts';
import { tasks } from './task-rows.ts';

/** Tables whose rows are merged; of the others the first row of a key stays. */
export const UPSERTED = { executions, tasks, attempts, approvals };

/** Rows by key. */
export type Merged = { readonly [table in TableName]: Map<string, MirrorRow> };

export function createMerged(): Merged {
  return {
    executions: new Map(),
    tasks: new Map(),
    attempts: new Map(),
    approvals: new Map(),
    votes: new Map(),
    history: new Map(),
    logs: new Map(),
  };
}

/** Adds a fact's rows to those before, as PostgreSQL would. */
export function mergeInto(merged: Merged, { rows }: Pick<Prepared, 'rows'>): void {
  for (const [table, row] of rows) {
    const before = merged[table].get(row.key);
    if (before === undefined) merged[table].set(row.key, row);
    else if (isUpserted(table)) merged[table].set(row.key, mergeRows(UPSERTED[table], before, row));
  }
}

export function isUpserted(table: TableName): table is keyof typeof UPSERTED {
  return table in UPSERTED;
}
