import type { Client } from 'pg';

/** Everything the mirror holds of an execution, but what differs from one writing to the next. */
export async function readMirror(client: Client, executionId: string): Promise<{ readonly [table: string]: unknown }> {
  const tables: { [table: string]: unknown } = {};
  for (const [table, { key, order }] of Object.entries(TABLES)) {
    const { rows } = await client.query<{ row: unknown }>(
      `select to_jsonb(t) - array['id', 'execution_id', 'approval_id', 'seq', 'mirrored_at', 'updated_at', 'recorded_at']
         ${table === 'task_executions' ? "- 'created_at'" : ''} as row
       from weft.${table} t where ${key} = $1 order by ${order}`,
      [table.startsWith('approval_') ? `${executionId}~a` : executionId],
    );
    tables[table] = rows.map(({ row }) => row);
  }
  return tables;
}

const TABLES: { readonly [table: string]: { readonly key: string; readonly order: string } } = {
  workflow_executions: { key: 'id', order: 'id' },
  task_executions: { key: 'execution_id', order: 'path' },
  task_attempts: { key: 'execution_id', order: 'path, ord, attempt' },
  approvals: { key: 'execution_id', order: 'id' },
  approval_candidates: { key: 'approval_id', order: 'kind, principal' },
  approval_votes: { key: 'approval_id', order: 'voter_id' },
  execution_history: { key: 'execution_id', order: 'event_key, created_at' },
};

/** What a stub row needs: who it says started it. */
export async function addSystemUser(client: Client, tenant: string): Promise<void> {
  await client.query(
    `insert into weft.users (tenant_id, id, email, username, name) values ($1, 'system', 'system@weft.invalid', 'system', 'Weft')
     on conflict do nothing`,
    [tenant],
  );
}
