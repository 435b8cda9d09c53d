import { afterAll, beforeAll, expect, it } from 'vitest';
import { createLocalLogin } from '../../src/migrate.ts';
import { addressOf, ask } from '../migrations/catalog.ts';
import type { TestWeft } from '../stack/weft.ts';
import { startWeft } from '../stack/weft.ts';

const HELLO = '{"tasks": [{"id": "a", "type": "set", "vars": {"x": "{% $input.n * 2 %}"}}], "output": "{% $vars.x %}"}';
const SLOW = '{"tasks": [{"id": "nap", "type": "wait", "for": "10m"}]}';
const ROLE = 'weft_test_sql_documents';

let weft: TestWeft;
const query = (text: string, values: readonly unknown[] = []) =>
  ask<any>(addressOf(weft.superuserUrl, ROLE, 'sql'), text, values);
const until = (what: string, text: string, wanted: string) =>
  weft.until(what, async () => {
    const [row] = await query(text);
    return row?.status === wanted && row;
  });

beforeAll(async () => {
  weft = await startWeft();
  await createLocalLogin({ url: weft.superuserUrl, name: ROLE, password: 'sql', userId: 'developer' });
});
afterAll(async () => {
  await ask(weft.superuserUrl, `drop owned by ${ROLE}`);
  const server = weft.superuserUrl.replace(/[^/]*$/, 'postgres');
  await weft.stop();
  await ask(server, `drop role ${ROLE}`);
});

it('a workflow, a version and an execution of IPA, inserted, run', async () => {
  await query(`insert into ipa.workflows (id, name) values ('double', 'Double it')`);
  await query(`insert into ipa.workflow_versions (id, workflow_id, definition) values ('double-1', 'double', $1)`, [
    HELLO,
  ]);
  await query(
    `insert into ipa.executions (id, workflow_id, workflow_version_id, input_data) values ('ipa-run', 'double', 'double-1', '{"n": 21}')`,
  );
  const ran = await until('it ends', `select * from ipa.executions where id = 'ipa-run'`, 'completed');
  expect(ran).toMatchObject({ output_data: 42, error_message: null, retry_count: 0, triggered_by: 'developer' });
  expect(Number(ran.duration_ms)).toBe(ran.completed_at - ran.started_at);
  expect(
    await query(
      `select step_name, step_index, step_type, status from ipa.execution_steps where execution_id = 'ipa-run'`,
    ),
  ).toEqual([{ step_name: 'a', step_index: 0, step_type: 'set', status: 'completed' }]);
  await weft.until('its events are there', async () => {
    const events = await query(`select event_type from ipa.events where execution_id = 'ipa-run'`);
    return events.some(({ event_type }) => event_type === 'workflow_completed');
  });
});

it('and is paused, resumed and cancelled by status', async () => {
  await query(`insert into ipa.workflows (id, name) values ('nap', 'Nap')`);
  await query(`insert into ipa.workflow_versions (workflow_id, definition) values ('nap', $1)`, [SLOW]);
  await query(`insert into ipa.executions (id, workflow_id) values ('ipa-nap', 'nap')`);
  const is = (status: string) =>
    until(`it is ${status}`, `select status from ipa.executions where id = 'ipa-nap'`, status);
  await is('running');
  for (const [order, status] of [
    ['paused', 'paused'],
    ['running', 'running'],
    ['cancelled', 'cancelled'],
  ] as const) {
    await query(`update ipa.executions set status = $1 where id = 'ipa-nap'`, [order]);
    await is(status);
  }
});

it('a workflow, a version and a log row of Gaia, inserted, run', async () => {
  await query(`insert into gaia.gaia_workflow (workflow_code, workflow_name) values ('gaia-double', 'Double it')`);
  await query(
    `insert into gaia.gaia_workflow_version (workflow_code, version_number, workflow_data, is_current) values ('gaia-double', '1.0', $1, 1)`,
    [HELLO],
  );
  await query(
    `insert into gaia.gaia_workflow_log (workflow_code, version_number, execution_id, status, input_params)
     values ('gaia-double', '1.0', 'gaia-run', 'running', '{"n": 21}')`,
  );
  const ran = await until('it ends', `select * from gaia.gaia_workflow_log where execution_id = 'gaia-run'`, 'success');
  expect(ran).toMatchObject({
    workflow_code: 'gaia-double',
    version_number: '1.0',
    output_params: '42',
    error_message: null,
  });
  expect(Number(ran.execution_duration)).toBe(ran.end_time - ran.start_time);
});

it('and is cancelled, which Gaia calls failed', async () => {
  await query(
    `insert into gaia.gaia_workflow_log (workflow_code, execution_id) select workflow_code, 'gaia-nap' from gaia.gaia_workflow where workflow_name = 'Nap'`,
  );
  await until('it runs', `select status from ipa.executions where id = 'gaia-nap'`, 'running');
  await query(`update gaia.gaia_workflow_log set status = 'cancelled' where execution_id = 'gaia-nap'`);
  await until('it is cancelled', `select status from gaia.gaia_workflow_log where execution_id = 'gaia-nap'`, 'failed');
});
