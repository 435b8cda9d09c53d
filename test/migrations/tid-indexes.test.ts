import { Client } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase } from '../stack/database.ts';
import type { TestDatabase } from '../stack/database.ts';
import { ask } from './catalog.ts';

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
  const core = (text: string) => ask(test.superuserUrl, text);
  await core(
    `insert into weft.workflows (tenant_id, id, name, title, owner_id) select 'default', 'w' || n, n, 'W', 'system' from generate_series(1, 20) n`,
  );
  await core(`insert into weft.workflow_definitions (tenant_id, id, workflow_id, version, number, content_hash, created_by, state)
    select 'default', id, id, '1', 1, '\\x00', 'system', 'published' from weft.workflows`);
  await core(`insert into weft.workflow_executions
      (tenant_id, id, workflow_id, definition_id, root_execution_id, engine_version, status, created_at)
    select 'default', n, 'w' || n % 20 + 1, 'w' || n % 20 + 1, n, 1, case when n % 500 = 0 then 'timeout' else 'success' end,
      now() - n * interval '1 s' from generate_series(1, 20000) n`);
  await core(`insert into weft_archive.executions
    select (jsonb_populate_record(e, jsonb_build_object('id', 'archived-' || e.id))).* from weft.workflow_executions e`);
  await core(`insert into weft.users (tenant_id, id, email, username, name)
    select 'default', 'u' || n, n || '@tid.test', n, 'U' from generate_series(0, 19) n`);
  await core(`insert into weft.agents (tenant_id, id, name) values ('default', 'a', 'A')`);
  await core(`insert into weft.agent_executions (tenant_id, id, agent_id, user_id, status, created_at)
    select 'default', n, 'a', 'u' || n % 20, case when n % 500 = 0 then 'running' else 'success' end, now() - n * interval '1 s' from generate_series(1, 5000) n`);
  await core(`insert into weft.execution_logs (tenant_id, agent_execution_id, level, message, created_at)
    select 'default', n % 5000 + 1, 'info', 'x', now() - n * interval '1 s' from generate_series(1, 20000) n`);
  await core('vacuum analyze');
}, 60_000);
afterAll(() => test.drop());

it.each([
  [
    `workflow_db.workflow_executions where status = 'failed' order by created_at desc limit 20`,
    ['workflow_executions_t_status', 'executions_t_status'],
  ],
  [
    `workflow_db.workflow_executions where workflow_id = 'w7' and status = 'completed' order by created_at desc limit 20`,
    ['workflow_executions_list', 'executions_tenant_id_workflow_id'],
  ],
  [`workflow_db.workflow_executions where id = '7'`, ['workflow_executions_pkey', 'executions_pkey']],
  [`agent_db.execution_logs where execution_id = '7' order by created_at desc`, ['agent_execution_id']],
  [
    `agent_db.executions where user_id = 'u7' and status = 'running' order by created_at desc limit 5`,
    ['agent_executions_user'],
  ],
])('the app finds by an index, through the view: %s', async (query, indexes) => {
  const client = new Client({ connectionString: test.url });
  await client.connect();
  try {
    await client.query(`begin; set local role weft_app; set local app.tenant = 'default'`);
    const { rows } = await client.query<{ 'QUERY PLAN': string }>(`explain select * from ${query}`);
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
    for (const index of indexes) expect(plan).toContain(index);
    // Months without rows are read through.
    expect(plan).not.toMatch(/Seq Scan on (workflow_executions|executions|agent_executions)\b/);
  } finally {
    await client.end();
  }
});
