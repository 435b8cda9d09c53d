import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createLocalLogin } from '../../src/migrate.ts';
import { addressOf, ask } from '../migrations/catalog.ts';
import type { TestWeft } from '../stack/weft.ts';
import { startWeft } from '../stack/weft.ts';

const HELLO = '{"tasks": [{"id": "a", "type": "set", "vars": {"x": "{% $input.n * 2 %}"}}], "output": "{% $vars.x %}"}';
const SLOW = '{"tasks": [{"id": "nap", "type": "wait", "for": "10m"}]}';
const ROLE = 'weft_test_sql_documents';

/** Temporal may outlive the database: an id that was there would be taken up, not started. */
const mark = randomUUID();

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
    `insert into ipa.executions (id, workflow_id, workflow_version_id, input_data) values ('ipa-run-${mark}', 'double', 'double-1', '{"n": 21}')`,
  );
  const ran = await until('it ends', `select * from ipa.executions where id = 'ipa-run-${mark}'`, 'completed');
  expect(ran).toMatchObject({ output_data: 42, error_message: null, retry_count: 0, triggered_by: 'developer' });
  expect(Number(ran.duration_ms)).toBe(ran.completed_at - ran.started_at);
  expect(
    await query(
      `select step_name, step_index, step_type, status from ipa.execution_steps where execution_id = 'ipa-run-${mark}'`,
    ),
  ).toEqual([{ step_name: 'a', step_index: 0, step_type: 'set', status: 'completed' }]);
  await weft.until('its events are there', async () => {
    const events = await query(`select event_type from ipa.events where execution_id = 'ipa-run-${mark}'`);
    return events.some(({ event_type }) => event_type === 'workflow_completed');
  });
});

it('and is paused, resumed and cancelled by status', async () => {
  await query(`insert into ipa.workflows (id, name) values ('nap', 'Nap')`);
  await query(`insert into ipa.workflow_versions (workflow_id, definition) values ('nap', $1)`, [SLOW]);
  await query(`insert into ipa.executions (id, workflow_id) values ('ipa-nap-${mark}', 'nap')`);
  const is = (status: string) =>
    until(`it is ${status}`, `select status from ipa.executions where id = 'ipa-nap-${mark}'`, status);
  await is('running');
  for (const [order, status] of [
    ['paused', 'paused'],
    ['running', 'running'],
    ['cancelled', 'cancelled'],
  ] as const) {
    await query(`update ipa.executions set status = $1 where id = 'ipa-nap-${mark}'`, [order]);
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
     values ('gaia-double', '1.0', 'gaia-run-${mark}', 'running', '{"n": 21}')`,
  );
  const ran = await until(
    'it ends',
    `select * from gaia.gaia_workflow_log where execution_id = 'gaia-run-${mark}'`,
    'success',
  );
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
    `insert into gaia.gaia_workflow_log (workflow_code, execution_id) select workflow_code, 'gaia-nap-${mark}' from gaia.gaia_workflow where workflow_name = 'Nap'`,
  );
  await until('it runs', `select status from ipa.executions where id = 'gaia-nap-${mark}'`, 'running');
  await query(`update gaia.gaia_workflow_log set status = 'cancelled' where execution_id = 'gaia-nap-${mark}'`);
  await until(
    'it is cancelled',
    `select status from gaia.gaia_workflow_log where execution_id = 'gaia-nap-${mark}'`,
    'failed',
  );
});

it('steps, as IPA stores them, run', async () => {
  const steps = [
    { step_name: 'Look it up', step_type: 'transform', config: { value: '{% $input.n + 1 %}' } },
    { step_name: 'Say so', step_type: 'log', config: { message: 'It is {% $tasks.look_it_up.output %}' } },
  ];
  await query(`insert into ipa.workflows (id, name) values ('stepwise', 'Step by step')`);
  await query(`insert into ipa.workflow_versions (workflow_id, definition) values ('stepwise', $1)`, [
    JSON.stringify(steps),
  ]);
  await query(
    `insert into ipa.executions (id, workflow_id, input_data) values ('ipa-steps-${mark}', 'stepwise', '{"n": 41}')`,
  );
  await until('it ends', `select status from ipa.executions where id = 'ipa-steps-${mark}'`, 'completed');
  expect(
    await query(
      `select step_name, step_index, status from ipa.execution_steps where execution_id = 'ipa-steps-${mark}' order by step_index`,
    ),
  ).toEqual([
    { step_name: 'Look it up', step_index: 0, status: 'completed' },
    { step_name: 'Say so', step_index: 1, status: 'completed' },
  ]);
  expect(await query(`select level, message from ipa.execution_logs where execution_id = 'ipa-steps-${mark}'`)).toEqual(
    [{ level: 'info', message: 'It is 42' }],
  );
});

it('a template of Gaia, inserted, makes a workflow over HTTP, which a log row starts', async () => {
  await query(
    `insert into gaia.gaia_workflow_template (template_code, template_name, template_data) values ('times', 'Times', $1)`,
    [HELLO.replace('* 2', '* {{ factor }}')],
  );
  const made = await weft.developer('POST', '/templates/times/instantiate', {
    name: 'times-three',
    parameters: { factor: 3 },
  });
  expect(made.status).toBe(201);
  expect(await query(`select template_code from gaia.gaia_workflow where workflow_code = 'times-three'`)).toEqual([
    { template_code: 'times' },
  ]);
  await query(
    `insert into gaia.gaia_workflow_log (workflow_code, execution_id, input_params) values ('times-three', 'gaia-times-${mark}', '{"n": 14}')`,
  );
  const ran = await until(
    'it ends',
    `select * from gaia.gaia_workflow_log where execution_id = 'gaia-times-${mark}'`,
    'success',
  );
  expect(ran.output_params).toBe('42');
});
