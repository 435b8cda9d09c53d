import { EXECUTION_STATUSES, TASK_STATUSES } from '../../src/contract.ts';
import { createSqlSurface } from './sql-surface.ts';

/** Ann's and Bob's workflows and agents; executions of Ann's that Bob started, of every status; `stranger` is of another tenant. */
export async function createIpa() {
  const surface = await createSqlSurface({
    system: { userId: 'system', tenant: 'default' },
    ann: { userId: 'ann', tenant: 'default' },
    boss: { userId: 'boss', tenant: 'default' },
    stranger: { userId: 'system', tenant: 'other' },
  });
  const { as, asOwner, createLogins } = surface;
  for (const tenant of ['default', 'other'])
    for (const [id, roles] of [
      ['ann', '{developer}'],
      ['bob', '{developer}'],
      ['boss', '{viewer,admin}'],
    ])
      await asOwner(
        `insert into weft.users (tenant_id, id, email, username, name, roles, password_hash) values ($1, $2, $2 || '@ipa.test', $2, $2, $3, 'hash')`,
        [tenant, id, roles],
      );
  await createLogins();
  await as(
    'system',
    `insert into ipa.workflows (id, name, created_by) values ('of-ann', 'Expenses', 'ann'), ('of-bob', 'Expenses', 'bob')`,
  );
  await as(
    'system',
    `insert into ipa.workflow_versions (id, workflow_id, definition) values ('ann-1', 'of-ann', '{"tasks": []}'), ('bob-1', 'of-bob', '{"tasks": []}')`,
  );
  await as(
    'system',
    `insert into ipa.agents (id, name, type, configuration, created_by) values ('agent-ann', 'A', 'custom', '{}', 'ann'), ('agent-bob', 'B', 'autogen', '{}', 'bob')`,
  );
  await as(
    'system',
    `insert into ipa.agent_tools (id, agent_id, tool_name, tool_type, configuration) values ('tool-ann', 'agent-ann', 'f', 'function', '{}'), ('tool-bob', 'agent-bob', 'f', 'function', '{}')`,
  );
  for (const status of EXECUTION_STATUSES)
    await asOwner(
      `insert into weft.workflow_executions (tenant_id, id, root_execution_id, workflow_id, definition_id, engine_version, status, triggered_by,
         start_time, end_time, error_code, error_detail, redrive_number, input, output, authority)
       values ('default', $1, $1, 'of-ann', 'ann-1', 1, $1, 'bob', '2026-11-01T10:00:00Z', '2026-11-01T10:00:01.5Z', 'E', 'why', 2, '{"a":1}', '[2]', 2)`,
      [status],
    );
  for (const [index, status] of TASK_STATUSES.entries())
    await asOwner(
      `insert into weft.task_executions (tenant_id, execution_id, path, task_id, title, type, executor, execution_order, status, retry_count, result, error_code)
       values ('default', 'failed', '/' || $1, $1, null, $3, $4, $2, $1, 1, '[1]', 'E')`,
      [
        status,
        index,
        ['executor', 'approval', 'wait'][index % 3],
        [['http', 'notify', 'agent'][index / 3], null, null][index % 3],
      ],
    );
  await asOwner(
    `insert into weft.workflow_executions (tenant_id, id, status) values ('other', 'failed', 'running');
     insert into weft.workflows (tenant_id, id, name, title, owner_id) values ('other', 'w', 'Expenses', 'Expenses', 'ann');
     insert into weft.execution_history (tenant_id, execution_id, event_key, event_type, created_at)
       values ('default', 'failed', 'k', 'workflow_failed', now()), ('other', 'failed', 'k', 'workflow_started', now())`,
  );

  return surface;
}

export type Ipa = Awaited<ReturnType<typeof createIpa>>;
