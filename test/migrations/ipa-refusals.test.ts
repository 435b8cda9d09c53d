import { afterAll, beforeAll, expect, it } from 'vitest';
import { createIpa } from './ipa-surface.ts';
import type { Ipa } from './ipa-surface.ts';

let ipa: Ipa;

beforeAll(async () => {
  ipa = await createIpa();
});
afterAll(async () => {
  await ipa.drop();
});

it.each([
  [
    'a status only the engine gives',
    `update ipa.executions set status = 'completed' where id = 'running'`,
    '0A000',
    /paused, resumed and cancelled/,
  ],
  [
    'an end that nobody made',
    `insert into ipa.executions (workflow_id, status) values ('of-ann', 'completed')`,
    '0A000',
    /pending/,
  ],
  [
    'an output',
    `insert into ipa.executions (workflow_id, output_data) values ('of-ann', '1')`,
    '0A000',
    /What can be given/,
  ],
  [
    'a version of another workflow',
    `insert into ipa.executions (workflow_id, workflow_version_id) values ('of-bob', 'ann-1')`,
    '23503',
    undefined,
  ],
  ['an execution of nothing', `insert into ipa.executions (input_data) values ('{}')`, '23502', undefined],
  [
    'other columns of an execution',
    `update ipa.executions set retry_count = 9 where id = 'failed'`,
    '0A000',
    /What can be changed: status/,
  ],
  ['deleting what is open', `delete from ipa.executions where id = 'running'`, '23001', /Cancel/],
  ['deleting what ran', `delete from ipa.workflows where id = 'of-ann'`, '23001', /archived/],
  ['deleting a version that ran', `delete from ipa.workflow_versions where id = 'ann-1'`, '23001', /stays/],
  ['a workflow of no status', `insert into ipa.workflows (name, status) values ('x', 'paused')`, '23514', undefined],
  ['a workflow without a name', `insert into ipa.workflows (description) values ('x')`, '23502', undefined],
  ['a blank name', `insert into ipa.workflows (name) values (' ')`, '23514', undefined],
  ['another owner', `update ipa.workflows set created_by = 'bob' where id = 'of-ann'`, '0A000', /What can be changed/],
  [
    'a current version of another',
    `update ipa.workflows set current_version_id = 'bob-1' where id = 'of-ann'`,
    '23503',
    undefined,
  ],
  [
    'a published version changed',
    `update ipa.workflow_versions set definition = '{}' where id = 'ann-1'`,
    '23000',
    /new version/,
  ],
  [
    'a number twice',
    `insert into ipa.workflow_versions (workflow_id, version_number, definition) values ('of-ann', 1, '{}')`,
    '23505',
    undefined,
  ],
  [
    'a version of nothing',
    `insert into ipa.workflow_versions (workflow_id, definition) values ('none', '{}')`,
    '23503',
    undefined,
  ],
  ['steps', `update ipa.execution_steps set status = 'completed'`, '0A000', /engine writes/],
  ['events', `delete from ipa.events`, '0A000', /engine writes/],
  [
    'audit entries',
    `insert into ipa.audit_logs (action, resource_type) values ('login', 'user')`,
    '0A000',
    /engine writes/,
  ],
  [
    'logs that shrink',
    `insert into ipa.execution_logs (execution_id, level, message) values ('failed', 'info', 'x'); delete from ipa.execution_logs`,
    '0A000',
    /only grow/,
  ],
  [
    'a level of no kind',
    `insert into ipa.execution_logs (execution_id, level, message) values ('failed', 'loud', 'x')`,
    '23514',
    undefined,
  ],
  [
    'a step of another execution',
    `insert into ipa.execution_logs (execution_id, execution_step_id, level, message) select 'success', id, 'info', 'x' from ipa.execution_steps limit 1`,
    '23503',
    undefined,
  ],
  ['deleting a user', `delete from ipa.users where id = 'bob'`, '0A000', /is_active/],
  ['the engine’s own user', `update ipa.users set is_active = false where id = 'system'`, '0A000', /another user/],
  [
    'a temperature too high',
    `insert into ipa.agents (name, type, configuration, temperature) values ('x', 'custom', '{}', 2.1)`,
    '23514',
    undefined,
  ],
  ['an agent of no type', `insert into ipa.agents (name, configuration) values ('x', '{}')`, '23502', undefined],
  ['an agent archived', `update ipa.agents set status = 'archived'`, '23514', undefined],
])('refuses %s', async (_what, statement, code, hint) => {
  const error = await ipa.refused('system', statement);
  expect(error).toMatchObject({ code });
  if (hint) expect(error.hint).toMatch(hint);
});

it.each([
  [`insert into ipa.users (email, username) values ('x@ipa.test', 'x')`],
  [`update ipa.users set full_name = 'x' where id = 'bob'`],
  [`update ipa.users set is_superuser = true where id = 'ann'`],
  [`update ipa.users set email = 'boss2@ipa.test' where id = 'ann'`],
  [`update ipa.users set username = 'manager' where id = 'ann'`],
  [`insert into ipa.executions (workflow_id, triggered_by) values ('of-ann', 'bob')`],
])('who is no admin may not: %s', async (statement) => {
  expect(await ipa.refused('ann', statement)).toMatchObject({ code: '42501' });
});
