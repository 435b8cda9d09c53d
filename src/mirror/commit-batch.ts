import { CompiledQuery } from 'kysely';
import { changeOf } from '../store/change-name.ts';
import { ENDED_EXECUTION_STATUSES } from '../contract.ts';
import type { Session } from '../store/database.ts';
import { stubRow } from './execution-rows.ts';
import { createMerged, isUpserted, mergeInto, UPSERTED } from './merge-rows.ts';
import type { MirrorRow } from './mirror-row.ts';
import { keyOf } from './mirror-row.ts';
import { toRecord } from './mirror-table.ts';
import type { Prepared, TableName } from './prepare.ts';
import { TABLES } from './prepare.ts';
import { writeSql } from './write-sql.ts';

/** Bytes a notification carries at most, less some room. */
const NOTIFY_BYTES = 7_500;

/** Writes all of a batch, each row once, in the order of their keys, and notifies who watches. */
export type Statement = {
  readonly text: string;
  readonly parameters: readonly string[];
  /** How many it sends. */
  readonly rows: number;
};

/**
 * @param known keys of executions that are there: the others get a stub row unless the batch tells of them
 * @param again true when a commit of the same batch may have gone through
 */
export function statementOf(
  batch: readonly Prepared[],
  { known, again }: { readonly known: ReadonlySet<string>; readonly again: boolean },
): Statement {
  const merged = createMerged();
  for (const prepared of batch) mergeInto(merged, prepared);
  for (const { subject } of batch) {
    const key = keyOf(subject);
    if (!known.has(key) && !merged.executions.has(key)) merged.executions.set(key, stubRow(subject));
  }
  const tables = TABLES.filter((table) => merged[table].size > 0);
  const parameters = tables.map((table) => {
    const sorted = [...merged[table].values()].sort((a, b) => (a.key < b.key ? -1 : 1));
    return JSON.stringify(sorted.map((row) => recordOf(table, row, again)));
  });
  const notified = JSON.stringify(payloads(batch, merged.executions));
  const rows = tables.reduce((sum, table) => sum + merged[table].size, 0);
  return { text: writeSql(tables), parameters: [...parameters, notified], rows };
}

/** How many rows changed; the others were stale or told twice. */
export async function commitBatch(session: Session, { text, parameters, rows }: Statement): Promise<number> {
  if (rows === 0) return 0;
  const result = await session.executeQuery<{ readonly written: number }>(CompiledQuery.raw(text, [...parameters]));
  return result.rows[0]?.written ?? 0;
}

function isEnd(status: unknown): boolean {
  return ENDED_EXECUTION_STATUSES.some((end) => end === status);
}

function recordOf(table: TableName, row: MirrorRow, again: boolean): object {
  if (isUpserted(table)) return toRecord(UPSERTED[table], row);
  return table === 'logs' ? { ...row.values, again } : row.values;
}

function payloads(batch: readonly Prepared[], executions: ReadonlyMap<string, MirrorRow>): readonly string[] {
  const subjects = new Map(batch.map(({ subject }) => [keyOf(subject), subject]));
  const names = [...subjects].map(([key, { tenant, executionId }]) =>
    JSON.stringify(changeOf(tenant, executionId, isEnd(executions.get(key)?.values['status']))),
  );
  const all: string[] = [];
  let payload = '';
  for (const name of names) {
    if (payload !== '' && Buffer.byteLength(payload) + Buffer.byteLength(name) > NOTIFY_BYTES) {
      all.push(`[${payload}]`);
      payload = '';
    }
    payload += payload === '' ? name : `,${name}`;
  }
  if (payload !== '') all.push(`[${payload}]`);
  return all;
}
