import { cleanText, toCleanJson } from './clean.ts';
import type { MirrorRow } from './mirror-row.ts';
import { keyOf, NO_ORDER, timeOf } from './mirror-row.ts';
import type { HistoryFact } from './record.ts';

/** Rows of `execution_history`: the same event told twice is one row. */
export const historySql = `
insert into weft.execution_history (tenant_id, execution_id, event_key, path, event_type, actor, data, created_at)
select x.tenant_id, x.execution_id, x.event_key, x.path, x.event_type, x.actor, x.data::jsonb, x.created_at
from json_to_recordset($1::json) as x(tenant_id text, execution_id text, event_key text, path text, event_type text,
  actor text, data text, created_at timestamptz)
on conflict do nothing`;

export function historyRow(fact: HistoryFact): MirrorRow {
  return {
    key: keyOf(fact, fact.eventKey, fact.at),
    order: NO_ORDER,
    values: {
      tenant_id: fact.tenant,
      execution_id: fact.executionId,
      event_key: cleanText(fact.eventKey),
      path: fact.path === null ? null : cleanText(fact.path),
      event_type: fact.eventType,
      actor: fact.actor === null ? null : cleanText(fact.actor),
      data: toCleanJson(fact.data),
      created_at: timeOf(fact.at),
    },
    givenAt: {},
  };
}
