import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXECUTION_STATUSES, TASK_STATUSES } from '../../src/contract.ts';
import { ask } from './catalog.ts';
import type { Tid } from './tid-logins.ts';
import { startTid } from './tid-logins.ts';

let tid: Tid;
const core = (text: string) => ask(tid.superuserUrl, text);
beforeAll(async () => {
  tid = await startTid('tid_status');
  await core(`insert into weft.personas (tenant_id, id, name, template) values ('default', 'p', 'P', '')`);
  await core(
    `insert into weft.agents (tenant_id, id, persona_id, name) select 'default', status, 'p', status from unnest('{active,inactive,deprecated,archived}'::text[]) status`,
  );
  await core(`update weft.agents set status = id`);
});
afterAll(() => tid.stop());

/** Core → view. */
const AGENTS = { active: 'active', inactive: 'inactive', deprecated: 'inactive', archived: 'archived' };
const RUNS = {
  pending: 'pending',
  running: 'running',
  success: 'completed',
  failed: 'failed',
  cancelled: 'cancelled',
  timeout: 'timeout',
};
const EXECUTIONS: { readonly [status in (typeof EXECUTION_STATUSES)[number]]: string } = {
  pending: 'pending',
  running: 'running',
  paused: 'running',
  success: 'completed',
  failed: 'failed',
  timeout: 'failed',
  cancelled: 'cancelled',
};
const NODES: { readonly [status in (typeof TASK_STATUSES)[number]]: string } = {
  pending: 'pending',
  running: 'running',
  waiting: 'running',
  retry: 'running',
  success: 'completed',
  failed: 'failed',
  timeout: 'timeout',
  skipped: 'cancelled',
  cancelled: 'cancelled',
};
const LEVELS = { debug: 'debug', info: 'info', warning: 'warning', error: 'error', critical: 'error' };

describe.each([
  ['agent_db.agent_status_of', AGENTS],
  ['agent_db.execution_status_of', RUNS],
  ['code_db.execution_status_of', RUNS],
  ['workflow_db.execution_status_of', EXECUTIONS],
  ['workflow_db.node_status_of', NODES],
  ['agent_db.log_level_of', LEVELS],
])('%s', (map, table) => {
  it.each(Object.entries(table))('%s → %s', async (from, to) => {
    expect(await core(`select ${map}('${from}') as shown`)).toEqual([{ shown: to }]);
  });
});

describe('written', () => {
  it.each(Object.keys(AGENTS))("an agent's %s stays when another column changes", async (status) => {
    await tid.as('agent', `update agent_db.agents set description = 'x', status = status where id = '${status}'`);
    expect(await core(`select status from weft.agents where id = '${status}'`)).toEqual([{ status }]);
  });

  it.each(['active', 'inactive', 'archived'])('an agent is set to %s', async (status) => {
    const statement = `insert into agent_db.agents (id, persona_id, name, status) values ('new-${status}', 'p', 'x', '${status}')`;
    await tid.as('agent', statement);
    expect(await core(`select status from weft.agents where id = 'new-${status}'`)).toEqual([{ status }]);
  });

  it.each(Object.entries(RUNS))('%s is %s of a run of an agent or of code', async (inCore, shown) => {
    await tid.as(
      'agent',
      `insert into agent_db.executions (id, agent_id, input, status) values ('${inCore}', 'active', '{}', '${shown}')`,
    );
    await tid.as(
      'code',
      `insert into code_db.code_executions (id, language, code, status) values ('${inCore}', 'python', '', '${shown}')`,
    );
    expect(await core(`select status from weft.agent_executions where id = '${inCore}'`)).toEqual([{ status: inCore }]);
    expect(await core(`select status from weft.code_executions where id = '${inCore}'`)).toEqual([{ status: inCore }]);
    const { rows } = await tid.as(
      'agent',
      `update agent_db.executions set progress = 7 where id = '${inCore}' returning status`,
    );
    expect(rows).toEqual([{ status: shown }]);
  });

  it.each([
    ['agent', `update agent_db.agents set status = 'deprecated' where id = 'active'`],
    ['agent', `update agent_db.executions set status = 'success' where id = 'running'`],
    ['code', `update code_db.code_executions set status = 'success' where id = 'running'`],
    ['workflow', `insert into workflow_db.workflows (name, status) values ('x', 'inactive')`],
  ])("%s's words alone: %s", async (login, statement) => {
    expect(await tid.refused(login, statement)).toMatchObject({ code: '23514' });
  });
});

it('what the engine wrote of an agent stays', async () => {
  await core(
    `insert into weft.agent_executions (tenant_id, id, agent_id, authority) values ('default', 'engine', 'active', 1)`,
  );
  for (const statement of [
    `update agent_db.executions set progress = 1 where id = 'engine'`,
    `delete from agent_db.executions where id = 'engine'`,
  ])
    expect(await tid.refused('agent', statement)).toMatchObject({ code: '0A000', hint: 'The engine writes it.' });
});

it('an agent goes with its runs, but not while one is open', async () => {
  expect(await tid.refused('agent', `delete from agent_db.agents where id = 'active'`)).toMatchObject({
    code: '23001',
    hint: expect.stringContaining('deleted_at'),
  });
  await tid.as(
    'agent',
    `insert into agent_db.executions (agent_id, input, status) values ('archived', '{}', 'failed')`,
  );
  await tid.as('agent', `delete from agent_db.agents where id = 'archived'`);
  expect(await core(`select from weft.agent_executions where agent_id = 'archived'`)).toEqual([]);
});
