import { approvalsSql, votesSql } from './approval-rows.ts';
import { historySql } from './history-rows.ts';
import { logsSql } from './log-rows.ts';
import { UPSERTED } from './merge-rows.ts';
import type { TableName } from './prepare.ts';
import { upsertSql } from './upsert-sql.ts';

/** How a table's rows, the JSON array `$1`, are written. */
export type Written = {
  /** Without `returning`: the rows that it changed are counted. */
  readonly sql: string;
  /** What else is done then, by name; `wrote_<table>` are the rows that `sql` returns. */
  readonly then?: { readonly [name: string]: string };
};

const WRITTEN: { readonly [table in TableName]: Written } = {
  executions: counted(upsertSql(UPSERTED.executions)),
  tasks: counted(upsertSql(UPSERTED.tasks)),
  attempts: counted(upsertSql(UPSERTED.attempts)),
  approvals: approvalsSql,
  votes: counted(votesSql),
  history: counted(historySql),
  logs: counted(logsSql),
};

const texts = new Map<string, string>();

/**
 * The one statement that writes the rows of some tables, in this order, and notifies of changes: a JSON array for each
 * table, then one of notifications. Gives `written`, how many rows changed.
 *
 * One statement, as each is a way there and back, while the writer keeps others waiting. The same text for the same
 * tables, so that it is planned once.
 */
export function writeSql(tables: readonly TableName[]): string {
  const key = tables.join();
  const text = texts.get(key) ?? makeSql(tables);
  texts.set(key, text);
  return text;
}

function makeSql(tables: readonly TableName[]): string {
  const parts = tables.flatMap((table, index) => {
    const { sql, then = {} } = WRITTEN[table];
    return Object.entries({ [`wrote_${table}`]: sql, ...then }).map(
      ([name, part]) => `${name} as (${part.replaceAll('$1', `$${index + 1}`)})`,
    );
  });
  // Asked for one after the other, so that each transaction takes its locks in the same order.
  const counts = tables.map((table) => `(select count(*) from wrote_${table})`);
  return `
with ${parts.join(',\n')}
select ${counts.join(' + ')} as written,
  (select count(pg_notify('weft_executions', payload))
   from json_array_elements_text($${tables.length + 1}::json) as payload) as notified`;
}

function counted(sql: string): Written {
  return { sql: `${sql}\nreturning 1` };
}
