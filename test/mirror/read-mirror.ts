import type { Client } from 'pg';

/** Everything the mirror holds of an execution, but what differs from one writing to the next. */
export async function readMirror(client: Client, executionId: string): Promise<{ readonly [table: string]: unknown }> {
  const { rows } = await client.query<{ readonly [table: string]: unknown }>(ALL, [executionId, `${executionId}~a`]);
  return rows[0] ?? {};
}

const TABLES: { readonly [table: string]: { readonly key: string; readonly order: string; readonly less?: string } } = {
  workflow_executions: { key: 'id = $1', order: 'id' },
  task_executions: { key: 'execution_id = $1', order: 'path', less: "- 'created_at'" },
  task_attempts: { key: 'execution_id = $1', order: 'path, ord, attempt' },
  approvals: { key: 'execution_id = $1', order: 'id' },
  approval_candidates: { key: 'approval_id = $2', order: 'kind, principal' },
  approval_votes: { key: 'approval_id = $2', order: 'voter_id' },
  execution_history: { key: 'execution_id = $1', order: 'event_key, created_at' },
};
const OWN = "array['id', 'execution_id', 'approval_id', 'seq', 'mirrored_at', 'updated_at', 'recorded_at']";
const ALL = `select ${Object.entries(TABLES)
  .map(
    ([table, { key, order, less = '' }]) =>
      `(select jsonb_agg(to_jsonb(t) - ${OWN} ${less} order by ${order}) from weft.${table} t where ${key}) as ${table}`,
  )
  .join(', ')}`;

/** What a stub row needs: who it says started it. */
export async function addSystemUser(client: Client, tenant: string): Promise<void> {
  await client.query(
    `insert into weft.users (tenant_id, id, email, username, name) values ($1, 'system', 'system@weft.invalid', 'system', 'Weft')
     on conflict do nothing`,
    [tenant],
  );
}
