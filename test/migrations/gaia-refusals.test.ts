import { afterAll, beforeAll, expect, it } from 'vitest';
import { createGaia } from './gaia-surface.ts';
import type { Gaia } from './gaia-surface.ts';

let gaia: Gaia;

beforeAll(async () => {
  gaia = await createGaia();
});
afterAll(async () => {
  await gaia.drop();
});

const version = (values: string) =>
  `insert into gaia.gaia_workflow_version (workflow_code, version_number, workflow_data) values (${values})`;
it.each([
  ['broken JSON in a version', version(`'ran', '2', '{"tasks": ['`), '22P02', /JSON as text/],
  [
    'broken JSON in a template',
    `insert into gaia.gaia_workflow_template (template_code, template_name, template_data) values ('x', 'x', 'x')`,
    '22P02',
    /JSON as text/,
  ],
  [
    'broken JSON as input',
    `insert into gaia.gaia_workflow_log (workflow_code, input_params) values ('ran', '{a: 1}')`,
    '22P02',
    /JSON as text/,
  ],
  ['a version without data', version(`'ran', '2', null`), '23502', undefined],
  ['a version of nothing', version(`'none', '2', '{}'`), '23503', /gaia_workflow first/],
  ['a version twice', version(`'ran', '1.0', '{}'`), '23505', undefined],
  ['a flag of 2', `update gaia.gaia_workflow set is_deleted = 2 where workflow_code = 'ran'`, '23514', undefined],
  [
    'a published version changed',
    `update gaia.gaia_workflow_version set workflow_data = '{}' where workflow_code = 'ran'`,
    '23000',
    /new version/,
  ],
  [
    'another code',
    `update gaia.gaia_workflow set workflow_code = 'x' where workflow_code = 'ran'`,
    '0A000',
    /What can be changed/,
  ],
  [
    'an id of one’s own',
    `insert into gaia.gaia_workflow (id, workflow_code, workflow_name) values (1, 'x', 'x')`,
    '0A000',
    /What can be given/,
  ],
  ['a workflow without a name', `insert into gaia.gaia_workflow (workflow_code) values ('x')`, '23502', undefined],
  [
    'a code with a slash',
    `insert into gaia.gaia_workflow (workflow_code, workflow_name) values ('a/b', 'x')`,
    '23514',
    undefined,
  ],
  [
    'a template that is not there',
    `insert into gaia.gaia_workflow (workflow_code, workflow_name, template_code) values ('x', 'x', 'none')`,
    '23503',
    undefined,
  ],
  [
    'a current version that is not there',
    `update gaia.gaia_workflow set current_version_id = 999999 where workflow_code = 'ran'`,
    '23503',
    undefined,
  ],
  [
    'an end that nobody made',
    `insert into gaia.gaia_workflow_log (workflow_code, status) values ('ran', 'success')`,
    '0A000',
    /running/,
  ],
  [
    'an end set',
    `update gaia.gaia_workflow_log set status = 'success' where execution_id = 'running'`,
    '0A000',
    /cancelled/,
  ],
  [
    'an output',
    `insert into gaia.gaia_workflow_log (workflow_code, output_params) values ('ran', '1')`,
    '0A000',
    /What can be given/,
  ],
  [
    'a version that is not there',
    `insert into gaia.gaia_workflow_log (workflow_code, version_number) values ('ran', '9')`,
    '23503',
    undefined,
  ],
  ['deleting a workflow', `delete from gaia.gaia_workflow where workflow_code = 'ran'`, '0A000', /is_deleted/],
  ['deleting a version', `delete from gaia.gaia_workflow_version where workflow_code = 'ran'`, '0A000', /current/],
  ['deleting a template', `delete from gaia.gaia_workflow_template`, '0A000', /is_deleted/],
  ['deleting from the log', `delete from gaia.gaia_workflow_log`, '0A000', /archived/],
])('refuses %s', async (_what, statement, code, hint) => {
  const error = await gaia.refused('system', statement);
  expect(error).toMatchObject({ code });
  if (hint) expect(error.hint).toMatch(hint);
});
