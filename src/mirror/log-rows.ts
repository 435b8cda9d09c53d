import { cutText, cleanText, toCleanJson } from './clean.ts';
import type { MirrorRow } from './mirror-row.ts';
import { keyOf, NO_ORDER, timeOf } from './mirror-row.ts';
import type { LogFact } from './record.ts';

/** Bytes of one line that are kept. */
const MAX_MESSAGE = 16_384;
const MAX_CONTEXT = 65_536;

/** Lines have no key: `again` is true when the same rows may have been written by a commit whose answer was lost. */
export const logsSql = `
insert into weft.execution_logs (tenant_id, execution_id, path, attempt, level, message, context, created_at)
select x.tenant_id, x.execution_id, x.path, x.attempt, x.level, x.message, x.context::jsonb, x.created_at
from json_to_recordset($1::json) as x(tenant_id text, execution_id text, path text, attempt int, level text,
  message text, context text, created_at timestamptz, again boolean)
where not x.again or not exists (
  select from weft.execution_logs l
  where l.tenant_id = x.tenant_id and l.execution_id = x.execution_id and l.created_at = x.created_at
    and l.message = x.message and l.level = x.level and l.path is not distinct from x.path
    and l.attempt is not distinct from x.attempt
)`;

let lines = 0;

export function logRow(fact: LogFact): MirrorRow {
  const context = toCleanJson(fact.context);
  return {
    key: keyOf(fact, fact.at, lines++),
    order: NO_ORDER,
    values: {
      tenant_id: fact.tenant,
      execution_id: fact.executionId,
      path: fact.path === null ? null : cleanText(fact.path),
      attempt: fact.attempt,
      level: fact.level,
      message: cutText(fact.message, MAX_MESSAGE),
      context: context.length > MAX_CONTEXT ? toCleanJson({ cut: cutText(context, MAX_CONTEXT) }) : context,
      created_at: timeOf(fact.at),
    },
    givenAt: {},
  };
}
