import { afterAll, beforeAll, expect, it } from 'vitest';
import { createLocalLogin } from '../../src/migrate.ts';
import { createTestDatabase } from '../stack/database.ts';
import type { TestDatabase } from '../stack/database.ts';
import { addressOf, ask } from './catalog.ts';

const LOGIN = { name: 'weft_test_engine_writer', password: 'local' };
let test: TestDatabase;
let localUrl: string;
const query = (text: string) => ask(localUrl, text);

beforeAll(async () => {
  test = await createTestDatabase();
  await createLocalLogin({ url: test.superuserUrl, ...LOGIN });
  localUrl = addressOf(test.superuserUrl, LOGIN.name, LOGIN.password);
});
afterAll(async () => {
  await ask(test.superuserUrl, `drop owned by ${LOGIN.name}`);
  await test.drop();
  await ask(test.superuserUrl.replace(/[^/]*$/, 'postgres'), `drop role ${LOGIN.name}`);
});

const save = (id: string, more: string, values: string) =>
  query(
    `insert into engine.workflow_definitions (workflow_id, name, definition_json${more}) values ('${id}', 'made', '{"tasks": []}'${values})
     returning workflow_id, version, status, created_by`,
  );
const statusOf = async (id: string) =>
  (await query(`select status from engine.workflow_definitions where workflow_id = '${id}'`))[0]?.['status'];
const current = async () =>
  (await ask(test.superuserUrl, `select current_definition_id as id from weft.workflows where name = 'made'`))[0]?.[
    'id'
  ];

it('are saved, numbered, published and made current; drafts and inactive ones are not current', async () => {
  expect(await save('m1', '', '')).toEqual([
    { workflow_id: 'm1', version: '1', status: 'active', created_by: 'system' },
  ]);
  expect(await current()).toBe('m1');
  await save('m2', ', version, status', ", '2.0', 'draft'");
  await save('m3', ', version, status', ", '3.0', 'inactive'");
  expect([await current(), await statusOf('m2'), await statusOf('m3')]).toEqual(['m1', 'draft', 'inactive']);
});

it('a draft changes, is published, and changes no more', async () => {
  await query(`update engine.workflow_definitions set definition_json = '{"tasks": [1]}' where workflow_id = 'm2'`);
  await query(`update engine.workflow_definitions set status = 'active' where workflow_id = 'm2'`);
  expect([await current(), await statusOf('m2')]).toEqual(['m2', 'active']);
  await expect(
    query(`update engine.workflow_definitions set definition_json = '{}' where workflow_id = 'm2'`),
  ).rejects.toMatchObject({ code: '23000', hint: 'Save it as a new version.' });
});

it('an inactive one starts nothing, until it is active again', async () => {
  const start = () => query(`insert into engine.workflow_executions (workflow_id) values ('m3') returning status`);
  await expect(start()).rejects.toMatchObject({ code: '55000', message: "version 3.0 of 'made' is inactive" });
  await query(`update engine.workflow_definitions set status = 'active' where workflow_id = 'm3'`);
  expect(await start()).toEqual([{ status: 'pending' }]);
});

it('are deleted with their executions, but not while one is open', async () => {
  const remove = () => query(`delete from engine.workflow_definitions where workflow_id = 'm3'`);
  await expect(remove()).rejects.toMatchObject({ code: '23001' });
  await ask(
    test.superuserUrl,
    `update weft.workflow_executions set status = 'success', authority = 2 where definition_id = 'm3'`,
  );
  await remove();
  expect(await query(`select from engine.workflow_executions where workflow_id = 'm3'`)).toEqual([]);
  expect(await statusOf('m3')).toBeUndefined();
  await query(`delete from engine.workflow_definitions where name = 'made'`);
  expect(await ask(test.superuserUrl, `select from weft.workflows where name = 'made'`)).toEqual([]);
});
