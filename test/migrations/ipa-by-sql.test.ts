import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createIpa } from './ipa-surface.ts';
import type { Ipa } from './ipa-surface.ts';

let ipa: Ipa;

beforeAll(async () => {
  ipa = await createIpa();
});
afterAll(async () => {
  await ipa.drop();
});

describe('writing', () => {
  it('a workflow gets a name of its own from its title', async () => {
    const rows = await ipa.asOwner(
      `select id, name, title from weft.workflows where tenant_id = 'default' order by id`,
    );
    expect(rows).toEqual([
      { id: 'of-ann', name: 'Expenses', title: 'Expenses' },
      { id: 'of-bob', name: 'Expenses-2', title: 'Expenses' },
    ]);
    const [made] = await ipa.as(
      'ann',
      `insert into ipa.workflows (name, tags, metadata) values ($1, '{a}', '{"b":1}') returning *`,
      [`a/b\n${'ä'.repeat(200)}`],
    );
    expect(made).toMatchObject({
      created_by: 'ann',
      status: 'draft',
      current_version_id: null,
      tags: ['a'],
      metadata: { b: 1 },
    });
    const [{ name }] = (await ipa.asOwner('select name from weft.workflows where id = $1', [made.id])) as [
      { name: string },
    ];
    expect(name).toBe(`a-b-${'ä'.repeat(116)}`);
    await ipa.as(
      'ann',
      `update ipa.workflows set name = 'Other', status = 'archived', description = 'd' where id = $1`,
      [made.id],
    );
    expect(
      await ipa.as('ann', 'select name, status, description, tags from ipa.workflows where id = $1', [made.id]),
    ).toEqual([{ name: 'Other', status: 'archived', description: 'd', tags: ['a'] }]);
    const audited = await ipa.as(
      'system',
      `select user_id, action from ipa.audit_logs where resource_id = $1 order by id`,
      [made.id],
    );
    expect(audited.at(0)).toEqual({ user_id: 'ann', action: 'create' });
    expect(audited.at(-1)).toEqual({ user_id: 'ann', action: 'update' });
    await ipa.as('ann', 'delete from ipa.workflows where id = $1', [made.id]);
    expect(await ipa.asOwner('select from weft.workflows where id = $1', [made.id])).toEqual([]);
  });

  it('versions are numbered, published and rolled back', async () => {
    await ipa.as('ann', `insert into ipa.workflows (id, name) values ('rolls', 'Rolls')`);
    const insert = (columns: string, values: string) =>
      ipa.as(
        'ann',
        `insert into ipa.workflow_versions (id, workflow_id, definition${columns}) values (${values}) returning version_number`,
      );
    const current = async () =>
      (await ipa.as('ann', `select current_version_id as id, status from ipa.workflows where id = 'rolls'`))[0];
    expect(await insert(', change_summary', `'r1', 'rolls', '{"tasks": []}', 'first'`)).toEqual([
      { version_number: 1 },
    ]);
    expect(await current()).toEqual({ id: 'r1', status: 'active' });
    expect(await insert(', version_number', `'r7', 'rolls', '[]', 7`)).toEqual([{ version_number: 7 }]);
    expect(await insert('', `'r8', 'rolls', '{"nodes": []}'`)).toEqual([{ version_number: 8 }]);
    expect(await current()).toMatchObject({ id: 'r1' });
    await ipa.as('ann', `update ipa.workflows set current_version_id = 'r8' where id = 'rolls'`);
    await ipa.as('ann', `update ipa.workflows set current_version_id = 'r1' where id = 'rolls'`);
    expect(await current()).toMatchObject({ id: 'r1' });
    await ipa.as('ann', `update ipa.workflows set current_version_id = null where id = 'rolls'`);
    expect(await current()).toMatchObject({ id: null });
    expect(
      await ipa.asOwner(`select dialect from weft.workflow_definitions where workflow_id = 'rolls' order by number`),
    ).toEqual([{ dialect: 'native' }, { dialect: 'steps' }, { dialect: 'graph' }]);
    expect(
      await ipa.asOwner(
        `select action, from_definition_id, definition_id, changed_by from weft.workflow_definition_history where workflow_id = 'rolls' order by id`,
      ),
    ).toEqual([
      { action: 'created', from_definition_id: null, definition_id: 'r1', changed_by: 'ann' },
      { action: 'published', from_definition_id: 'r1', definition_id: 'r7', changed_by: 'ann' },
      { action: 'published', from_definition_id: 'r1', definition_id: 'r8', changed_by: 'ann' },
      { action: 'published', from_definition_id: 'r1', definition_id: 'r8', changed_by: 'ann' },
      { action: 'rolled_back', from_definition_id: 'r8', definition_id: 'r1', changed_by: 'ann' },
      { action: 'deactivated', from_definition_id: 'r1', definition_id: null, changed_by: 'ann' },
    ]);
    await ipa.as('ann', `delete from ipa.workflow_versions where id = 'r7'`);
    await ipa.as('ann', `delete from ipa.workflows where id = 'rolls'`);
    expect(await ipa.asOwner(`select from weft.workflow_definitions where workflow_id = 'rolls'`)).toEqual([]);
  });

  it('executions start, and take paused, resumed and cancelled', async () => {
    const [started] = await ipa.as(
      'ann',
      `insert into ipa.executions (workflow_id, workflow_version_id, input_data, metadata) values ('of-ann', 'ann-1', '{"n":1}', '{"m":1}') returning *`,
    );
    expect(started).toMatchObject({
      status: 'pending',
      triggered_by: 'ann',
      workflow_version_id: 'ann-1',
      input_data: { n: 1 },
      metadata: { m: 1 },
    });
    for (const status of ['paused', 'resumed', 'cancelled'])
      await ipa.as('ann', 'update ipa.executions set status = $2 where id = $1', [started.id, status]);
    expect(
      await ipa.as(
        'system',
        'select action, requested_by from weft.commands where execution_id = $1 order by created_at',
        [started.id],
      ),
    ).toEqual(['pause', 'resume', 'cancel'].map((action) => ({ action, requested_by: 'ann' })));
    await ipa.asOwner('delete from weft.workflow_executions where id = $1', [started.id]);
  });

  it('log lines, of an execution or of one of its steps', async () => {
    const [step] = await ipa.as('system', `select id from ipa.execution_steps where step_name = 'failed'`);
    await ipa.as(
      'ann',
      `insert into ipa.execution_logs (execution_id, execution_step_id, level, message, context) values ('failed', $1, 'critical', 'no', '{"a":1}')`,
      [step.id],
    );
    await ipa.as(
      'ann',
      `insert into ipa.execution_logs (execution_id, level, message) values ('failed', 'debug', 'yes')`,
    );
    expect(
      await ipa.as(
        'ann',
        'select execution_id, execution_step_id, level, message, context from ipa.execution_logs order by id',
      ),
    ).toEqual([
      { execution_id: 'failed', execution_step_id: step.id, level: 'critical', message: 'no', context: { a: 1 } },
      { execution_id: 'failed', execution_step_id: null, level: 'debug', message: 'yes', context: {} },
    ]);
    const logs = (user: string) =>
      ipa.asService({ current_user_id: user }, (client) => client.query('select from ipa.execution_logs'));
    expect((await logs('boss')).rowCount).toBe(0);
    expect((await logs('ann')).rowCount).toBe(2);
  });

  it('users, by an admin; one’s own name and password by oneself', async () => {
    const [made] = await ipa.as(
      'boss',
      `insert into ipa.users (email, username, hashed_password, is_superuser) values ('new@ipa.test', 'new', 'h', true) returning *`,
    );
    expect(made).toMatchObject({ full_name: 'new', is_active: true, is_superuser: true });
    await ipa.as('boss', 'update ipa.users set is_superuser = false, is_active = false where id = $1', [made.id]);
    expect(
      await ipa.asOwner('select roles, is_active, password_hash from weft.users where id = $1', [made.id]),
    ).toEqual([{ roles: ['user'], is_active: false, password_hash: 'h' }]);
    await ipa.as('ann', `update ipa.users set full_name = 'Ann A.', hashed_password = 'h2' where id = 'ann'`);
    expect(
      await ipa.asOwner(`select name, password_hash from weft.users where id = 'ann' and tenant_id = 'default'`),
    ).toEqual([{ name: 'Ann A.', password_hash: 'h2' }]);
    const changes = await ipa.as(
      'system',
      `select changes::text as text from ipa.audit_logs where resource_type = 'user' and resource_id in ('ann', $1)`,
      [made.id],
    );
    expect(changes).toHaveLength(3);
    for (const { text } of changes) expect(text).not.toContain('hashed_password');
  });

  it('agents and their tools', async () => {
    const [made] = await ipa.as(
      'ann',
      `insert into ipa.agents (name, type, configuration) values ('X', 'semantic_kernel', '{"k":1}') returning *`,
    );
    expect(made).toMatchObject({ status: 'active', temperature: '0.7', max_tokens: 1000, created_by: 'ann' });
    await ipa.as(
      'ann',
      `update ipa.agents set temperature = 1.5, model_name = 'm', status = 'deprecated' where id = $1`,
      [made.id],
    );
    expect(await ipa.asOwner('select settings, model_name, status from weft.agents where id = $1', [made.id])).toEqual([
      { settings: { temperature: 1.5, max_tokens: 1000, top_p: 1 }, model_name: 'm', status: 'deprecated' },
    ]);
    await ipa.asOwner(`update weft.agents set status = 'archived' where id = $1`, [made.id]);
    await ipa.as('ann', `update ipa.agents set description = 'd' where id = $1`, [made.id]);
    expect(await ipa.as('ann', 'select status, description from ipa.agents where id = $1', [made.id])).toEqual([
      { status: 'deprecated', description: 'd' },
    ]);
    expect(await ipa.asOwner('select status from weft.agents where id = $1', [made.id])).toEqual([
      { status: 'archived' },
    ]);
    await ipa.as(
      'ann',
      `insert into ipa.agent_tools (agent_id, tool_name, tool_type, configuration) values ($1, 't', 'api', '{}')`,
      [made.id],
    );
    await ipa.as('ann', `update ipa.agent_tools set is_enabled = false where agent_id = $1`, [made.id]);
    expect(
      await ipa.as('ann', 'select tool_name, is_enabled from ipa.agent_tools where agent_id = $1', [made.id]),
    ).toEqual([{ tool_name: 't', is_enabled: false }]);
    await ipa.as('ann', 'delete from ipa.agents where id = $1', [made.id]);
    expect(await ipa.asOwner('select from weft.agent_tools where agent_id = $1', [made.id])).toEqual([]);
  });
});
