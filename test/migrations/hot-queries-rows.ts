import { ask, connected } from './catalog.ts';

const EXECUTIONS = 300_000;
const ARCHIVED = 30_000;
const EVENTS = 100_000;

/** 300,000 executions of 20 workflows over two tenants, as a year-old service has them: nearly all have ended. */
export async function fillForHotQueries(superuserUrl: string): Promise<{ readonly [table: string]: number }> {
  await ask(
    superuserUrl,
    `insert into weft.users (tenant_id, id, email, username, name)
       select tenant, 'u' || n, 'u' || n || '@hot.test', 'u' || n, 'u' || n
       from unnest(array['default', 'other']) tenant, generate_series(0, 9) n;
     insert into weft.workflows (tenant_id, id, name, title, owner_id)
       select tenant, tenant || '-w' || n, 'flow-' || n, 'Flow ' || n, 'u' || n
       from unnest(array['default', 'other']) tenant, generate_series(0, 9) n;
     insert into weft.workflow_definitions (tenant_id, id, workflow_id, version, number, state, content_hash, created_by)
       select tenant_id, id || '-v1', id, '1.0', 1, 'published', '\\x00', owner_id from weft.workflows;
     update weft.workflows set current_definition_id = id || '-v1'`,
  );
  await connected(superuserUrl, async (client) => {
    // Foreign keys hold by how it is made: checking each takes half of the time.
    await client.query('begin; set local session_replication_role = replica; set local role weft_engine');
    await client.query(
      `insert into weft.workflow_executions (tenant_id, id, root_execution_id, workflow_id, definition_id, engine_version, status,
         priority, triggered_by, correlation_id, created_at, start_time, end_time, authority)
       select tenant, 'e' || n, 'e' || n, tenant || '-w' || n % 10, tenant || '-w' || n % 10 || '-v1', 1, status,
         n / 7 % 5, 'u' || n / 10 % 10, 'batch-' || n / 3, accepted, case when status <> 'pending' then accepted + interval '1 s' end,
         case when status not in ('pending', 'running', 'paused') then accepted + interval '9 s' end, 2
       from generate_series(1, $1::int) n, lateral (
         select case when n % 3 = 0 then 'other' else 'default' end as tenant,
           now() - ($1::int - n) * interval '25 s' as accepted,
           case when n % 1000 < 3 then 'running' when n % 1000 < 5 then 'pending' when n % 1000 < 6 then 'paused'
             when n % 1000 < 50 then 'failed' when n % 1000 < 60 then 'timeout' when n % 1000 < 80 then 'cancelled'
             else 'success' end as status
       ) made`,
      [EXECUTIONS],
    );
    await client.query(
      `insert into weft.task_executions (tenant_id, execution_id, path, task_id, type, executor, execution_order, status, created_at)
       select tenant_id, id, '/t' || n, 't' || n, 'executor', 'http', n, 'success', created_at
       from weft.workflow_executions, generate_series(1, 2) n`,
    );
    // Copies: for a plan it matters how many there are, not which.
    await client.query(
      `insert into weft_archive.executions select * from weft.workflow_executions
       where status not in ('pending', 'running', 'paused') order by created_at limit $1`,
      [ARCHIVED],
    );
    await client.query(
      `insert into weft_archive.tasks select t.* from weft.task_executions t
       join weft_archive.executions e on e.tenant_id = t.tenant_id and e.id = t.execution_id`,
    );
    await client.query(
      `insert into weft.execution_history (tenant_id, execution_id, event_key, event_type, created_at)
       select tenant_id, id, 'k', 'workflow_started', created_at from weft.workflow_executions order by created_at desc limit $1`,
      [EVENTS],
    );
    await client.query(
      `insert into weft.execution_logs (tenant_id, execution_id, path, level, message, created_at)
       select tenant_id, id, '/t1', case when status = 'failed' then 'error' else 'info' end, 'x', created_at
       from weft.workflow_executions order by created_at desc limit $1`,
      [EVENTS],
    );
    await client.query(
      `insert into weft.audit_logs (tenant_id, user_id, action, resource_type, resource_id, created_at)
       select tenant_id, triggered_by, case when status = 'failed' then 'redrive' when status = 'cancelled' then 'cancel' else 'execute' end,
         'execution', id, created_at
       from weft.workflow_executions order by created_at desc limit $1`,
      [EVENTS],
    );
    await client.query('commit');
    await client.query('vacuum analyze');
  });
  const rows: { [table: string]: number } = {};
  const tables = await ask<{ name: string }>(
    superuserUrl,
    `select oid::regclass::text as name from pg_class
     where relkind = 'r' and relnamespace in ('weft'::regnamespace, 'weft_archive'::regnamespace)`,
  );
  for (const { name } of tables) {
    const [counted] = await ask<{ n: number }>(superuserUrl, `select count(*)::int as n from ${name}`);
    rows[name] = counted?.n ?? 0;
  }
  return rows;
}
