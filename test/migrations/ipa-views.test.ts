import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Client } from 'pg';
import type { EXECUTION_STATUSES, TASK_STATUSES } from '../../src/contract.ts';
import { connected } from './catalog.ts';
import { createIpa } from './ipa-surface.ts';
import type { Ipa } from './ipa-surface.ts';

let ipa: Ipa;

const idsOf = async (client: Client, view: string) =>
  (await client.query(`select id from ipa.${view} order by 1`)).rows.map(({ id }) => id);
const seenBy = (settings: { readonly [name: string]: string }, view: string) =>
  ipa.asService(settings, (client) => idsOf(client, view));

/** Core status → the document's, from the table in the contract. */
const EXECUTIONS: { readonly [core in (typeof EXECUTION_STATUSES)[number]]: string } = {
  pending: 'pending',
  running: 'running',
  paused: 'paused',
  success: 'completed',
  failed: 'failed',
  cancelled: 'cancelled',
  timeout: 'failed',
};
const STEPS: { readonly [core in (typeof TASK_STATUSES)[number]]: string } = {
  pending: 'pending',
  running: 'running',
  waiting: 'running',
  retry: 'running',
  success: 'completed',
  failed: 'failed',
  timeout: 'failed',
  skipped: 'skipped',
  cancelled: 'skipped',
};

beforeAll(async () => {
  ipa = await createIpa();
});
afterAll(async () => {
  await ipa.drop();
});

describe("rows by the document's names", () => {
  it('every status, as one of the document’s own type', async () => {
    const executions = await ipa.as(
      'system',
      'select id, status::ipa.execution_status::text as status from ipa.executions',
    );
    expect(Object.fromEntries(executions.map(({ id, status }) => [id, status]))).toEqual(EXECUTIONS);
    const steps = await ipa.as(
      'system',
      'select step_name, status::ipa.step_status::text as status from ipa.execution_steps',
    );
    expect(Object.fromEntries(steps.map(({ step_name, status }) => [step_name, status]))).toEqual(STEPS);
    await ipa.as('system', 'select status::ipa.workflow_status from ipa.workflows');
    await ipa.as('system', 'select status::ipa.agent_status, type::ipa.agent_type from ipa.agents');
    await ipa.as('system', 'select level::ipa.log_level from ipa.execution_logs');
  });

  it('an execution', async () => {
    expect(await ipa.as('system', `select * from ipa.executions where id = 'timeout'`)).toEqual([
      {
        id: 'timeout',
        workflow_id: 'of-ann',
        workflow_version_id: 'ann-1',
        triggered_by: 'bob',
        status: 'failed',
        input_data: { a: 1 },
        output_data: [2],
        error_message: 'E: why',
        started_at: new Date('2026-11-01T10:00:00Z'),
        completed_at: new Date('2026-11-01T10:00:01.5Z'),
        duration_ms: '1500',
        retry_count: 2,
        metadata: {},
        created_at: expect.any(Date),
        updated_at: expect.any(Date),
      },
    ]);
  });

  it('steps', async () => {
    const rows = await ipa.as('system', 'select * from ipa.execution_steps order by step_index');
    expect(rows.slice(0, 7).map(({ step_type }) => step_type)).toEqual([
      'webhook',
      'approval',
      'wait',
      'webhook',
      'approval',
      'wait',
      'agent',
    ]);
    expect(rows[0]).toMatchObject({
      execution_id: 'failed',
      step_index: 0,
      output_data: [1],
      retry_count: 1,
      error_message: 'E',
    });
  });

  it('events, statistics as of the last refresh, which an admin asks for', async () => {
    expect(await ipa.as('system', 'select execution_id, event_type from ipa.events')).toEqual([
      { execution_id: 'failed', event_type: 'workflow_failed' },
    ]);
    expect(await ipa.refused('ann', 'call ipa.refresh_workflow_execution_stats()')).toMatchObject({ code: '42501' });
    await ipa.as('boss', 'call ipa.refresh_workflow_execution_stats()');
    expect(await ipa.as('ann', 'select * from ipa.workflow_execution_stats')).toEqual([
      {
        workflow_id: 'of-ann',
        total_executions: '7',
        successful_count: '1',
        failed_count: '2',
        avg_duration_ms: '1500.0000000000000000',
      },
    ]);
    expect(await ipa.as('stranger', 'select * from ipa.workflow_execution_stats')).toEqual([]);
  });

  it.each([
    ['create', 'create'],
    ['cancel', 'cancel'],
    ['terminate', 'cancel'],
    ['redrive', 'execute'],
    ...['approve', 'reject', 'delegate', 'pause', 'resume', 'skip', 'edit'].map((action) => [action, 'update']),
  ])('the action %s as %s', async (action, shown) => {
    await ipa.asOwner(
      `insert into weft.audit_logs (tenant_id, action, resource_type, resource_id) values ('default', $1, 'action', $1)`,
      [action],
    );
    const [row] = await ipa.as(
      'system',
      `select action::ipa.audit_action::text from ipa.audit_logs where resource_type = 'action' and resource_id = $1`,
      [action],
    );
    expect(row).toEqual({ action: shown });
  });
});

describe('own workflows only', () => {
  it.each([
    ['workflows', ['of-ann'], ['of-bob'], ['of-ann', 'of-bob']],
    ['workflow_versions', ['ann-1'], ['bob-1'], ['ann-1', 'bob-1']],
    ['agents', ['agent-ann'], ['agent-bob'], ['agent-ann', 'agent-bob']],
    ['agent_tools', ['tool-ann'], ['tool-bob'], ['tool-ann', 'tool-bob']],
  ])('%s', async (view, ofAnn, ofBob, all) => {
    expect(await seenBy({ current_user_id: 'ann' }, view)).toEqual(ofAnn);
    expect(await seenBy({ current_user_id: 'bob' }, view)).toEqual(ofBob);
    expect(await seenBy({ current_user_id: 'nobody' }, view)).toEqual([]);
    expect(await seenBy({ current_user_id: 'ann', is_superuser: 'false' }, view)).toEqual(ofAnn);
    expect(await seenBy({ current_user_id: 'ann', is_superuser: 'true' }, view)).toEqual(all);
    expect(await seenBy({}, view)).toEqual(all);
  });

  it.each(['executions', 'execution_steps', 'events'])('%s: of own workflows, and one’s own', async (view) => {
    const all = await seenBy({}, view);
    expect(all.length).toBeGreaterThan(0);
    expect(await seenBy({ current_user_id: 'ann' }, view)).toEqual(all);
    expect(await seenBy({ current_user_id: 'bob' }, view)).toEqual(all);
    expect(await seenBy({ current_user_id: 'boss' }, view)).toEqual([]);
    expect(await seenBy({ current_user_id: 'boss', is_superuser: 'true' }, view)).toEqual(all);
  });

  it('holds for writing too', async () => {
    const asBob = (text: string) => ipa.asService({ current_user_id: 'bob' }, (client) => client.query(text));
    expect((await asBob(`update ipa.workflows set description = 'x' where id = 'of-ann'`)).rowCount).toBe(0);
    expect((await asBob(`delete from ipa.agents where id = 'agent-ann'`)).rowCount).toBe(0);
    for (const [statement, code] of [
      [`insert into ipa.workflow_versions (workflow_id, definition) values ('of-ann', '{}')`, '23503'],
      [`insert into ipa.executions (workflow_version_id) values ('ann-1')`, '23503'],
      [`insert into ipa.workflows (name, created_by) values ('x', 'ann')`, '42501'],
      [`insert into ipa.agent_tools (agent_id, tool_name, tool_type) values ('agent-ann', 'g', 'api')`, '44000'],
    ] as const)
      await expect(asBob(statement)).rejects.toMatchObject({ code });
  });

  it('a forged setting of an SQL login shows nothing more and nothing less', async () => {
    const views = [
      'users',
      'workflows',
      'workflow_versions',
      'executions',
      'execution_steps',
      'agents',
      'agent_tools',
      'events',
      'audit_logs',
    ];
    const look = (login: 'system' | 'ann' | 'stranger', settings: string) =>
      connected(ipa.urlOf(login), async (client) => {
        await client.query(settings);
        const seen: { [view: string]: unknown[] } = {};
        for (const view of views) seen[view] = await idsOf(client, view);
        return seen;
      });
    for (const login of ['system', 'ann', 'stranger'] as const) {
      const honest = await look(login, 'select');
      for (const settings of [
        `set app.is_superuser = 'true'`,
        `set app.tenant = 'other'`,
        `set app.tenant = 'default'`,
        `set app.current_user_id = 'bob'`,
        `set app.current_user_id = 'boss'; set app.is_superuser = 'true'; set app.tenant = 'other'`,
      ])
        expect(await look(login, settings)).toEqual(honest);
    }
    const settings = `set app.is_superuser = 'true'; set app.current_user_id = 'boss'`;
    await connected(ipa.urlOf('ann'), async (client) => {
      await client.query(settings);
      await expect(client.query(`update ipa.users set is_superuser = true where id = 'ann'`)).rejects.toMatchObject({
        code: '42501',
      });
      expect((await client.query(`select distinct hashed_password from ipa.users`)).rows).toEqual([
        { hashed_password: null },
      ]);
    });
  });

  it('only the service sees hashes', async () => {
    const rows = await ipa.asService({}, (client) =>
      client.query(`select hashed_password from ipa.users where id = 'ann'`),
    );
    expect(rows.rows).toEqual([{ hashed_password: 'hash' }]);
  });
});

describe('another tenant', () => {
  it('is invisible, and its names are free', async () => {
    expect(await ipa.as('stranger', 'select id from ipa.workflows')).toEqual([{ id: 'w' }]);
    expect(await ipa.as('stranger', 'select status from ipa.executions')).toEqual([{ status: 'running' }]);
    expect(await ipa.as('stranger', 'select event_type from ipa.events')).toEqual([{ event_type: 'workflow_started' }]);
    for (const statement of [
      `insert into ipa.workflow_versions (workflow_id, definition) values ('of-ann', '{}')`,
      `insert into ipa.executions (workflow_version_id) values ('ann-1')`,
      `insert into ipa.executions (workflow_id) values ('of-ann')`,
      `insert into ipa.agent_tools (agent_id, tool_name, tool_type) values ('agent-ann', 'g', 'api')`,
      `insert into ipa.execution_logs (execution_id, level, message) values ('success', 'info', 'x')`,
    ])
      expect((await ipa.refused('stranger', statement)).code).toMatch(/^(23503|44000)$/);
    await ipa.as(
      'stranger',
      `insert into ipa.workflows (id, name) values ('of-ann', 'Expenses'); delete from ipa.workflows where id = 'of-ann'`,
    );
    await ipa.as('stranger', `insert into ipa.users (id, email, username) values ('eve', 'eve@ipa.test', 'eve')`);
    await ipa.as('system', `insert into ipa.users (id, email, username) values ('eve', 'eve@ipa.test', 'eve')`);
  });
});
