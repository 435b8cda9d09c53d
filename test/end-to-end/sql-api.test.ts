import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SqlLogins } from '../stack/sql-logins.ts';
import { createSqlLogins } from '../stack/sql-logins.ts';
import type { TestWeft } from '../stack/weft.ts';
import { startWeft } from '../stack/weft.ts';

/** Temporal is shared by all tests and keeps what ran before. */
const own = randomUUID().slice(0, 8);
const HELLO = '{"tasks": [{"id": "a", "type": "set", "vars": {"x": "{% $input.n * 2 %}"}}], "output": "{% $vars.x %}"}';
const SLOW = '{"tasks": [{"id": "nap", "type": "wait", "for": "10m"}, {"id": "b", "type": "set", "vars": {"x": 1}}]}';
describe('SQL as an API', () => {
  let weft: TestWeft;
  let logins: SqlLogins;
  const as: SqlLogins['as'] = (...statement) => logins.as(...statement);
  const refused: SqlLogins['refused'] = (...statement) => logins.refused(...statement);
  const ended = (id: string) =>
    weft.until(`${id} ends`, async () => {
      const [row] = await as('system', 'select * from stratix.workflow_instances where id = $1', [id]);
      return ['completed', 'failed', 'cancelled'].includes(row?.status) && row;
    });
  const statusIs = (id: string, status: string) =>
    weft.until(`${id} is ${status}`, async () => {
      const [row] = await as('system', 'select status from stratix.workflow_instances where id = $1', [id]);
      return row?.status === status;
    });

  beforeAll(async () => {
    weft = await startWeft();
    logins = await createSqlLogins(weft.superuserUrl, 'api', ['system', 'developer']);
    await as(
      'system',
      `insert into stratix.workflow_definitions (id, name, version, definition_json)
       values ('hello-1', 'hello', '1.0', $1), ('slow-1', 'slow', '1.0', $2)`,
      [HELLO, SLOW],
    );
  });
  afterAll(async () => {
    await logins.close();
    await weft.stop();
    await logins.drop();
  });

  it('a definition and an instance in one transaction start one execution', async () => {
    await as('system', 'begin');
    await as(
      'system',
      `insert into stratix.workflow_definitions (id, name, version, definition_json) values ('tx-1', 'tx', '1.0', $1)`,
      [HELLO],
    );
    await as(
      'system',
      `insert into stratix.workflow_instances (id, definition_id, status, input_data) values ('${own}-tx-run', 'tx-1', 'pending', '{"n": 21}')`,
    );
    await as('system', 'commit');
    expect(await ended(`${own}-tx-run`)).toMatchObject({ status: 'completed', output_data: 42, definition_id: 'tx-1' });
    expect(
      await as('system', `select count(*)::int as n from weft.workflow_executions where definition_id = 'tx-1'`),
    ).toEqual([{ n: 1 }]);
    const { body } = await weft.developer('GET', '/workflows/tx');
    expect(body).toMatchObject({ name: 'tx', status: 'active', version: '1.0' });
  });

  it('a rollback starts none', async () => {
    await as('system', 'begin');
    await as(
      'system',
      `insert into stratix.workflow_instances (id, definition_id, input_data) values ('${own}-never', 'hello-1', '{"n": 1}')`,
    );
    await as('system', 'rollback');
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    expect(await as('system', `select id from weft.workflow_executions where id = '${own}-never'`)).toEqual([]);
    expect((await weft.developer('GET', `/executions/${own}-never`)).status).toBe(404);
  });

  it('an invalid definition ends failed, with problems one can read', async () => {
    await as(
      'system',
      `insert into engine.workflow_definitions (workflow_id, name, version, definition_json)
      values ('bad-1', 'bad', '1.0', '{"tasks": [{"id": "a", "type": "nonsense"}]}')`,
    );
    await as(
      'system',
      `insert into engine.workflow_executions (execution_id, workflow_id) values ('${own}-bad-run', 'bad-1')`,
    );
    await weft.until('it has failed', async () => {
      const [row] = await as(
        'system',
        `select * from engine.workflow_executions where execution_id = '${own}-bad-run'`,
      );
      return row.status === 'failed' && row.error_code === 'DEFINITION_INVALID' && /nonsense/.test(row.error_detail);
    });
    const [{ problems, compile_state }] = await as(
      'system',
      `select problems, compile_state from weft.workflow_definitions where id = 'bad-1'`,
    );
    expect(compile_state).toBe('invalid');
    expect(problems[0]).toMatchObject({ pointer: '/tasks/0/type', message: expect.stringContaining('nonsense') });
  });

  it('400 rows in one statement start 400 executions', async () => {
    await as(
      'system',
      `insert into stratix.workflow_instances (id, definition_id, input_data)
      select '${own}-many-' || n, 'hello-1', jsonb_build_object('n', n) from generate_series(1, 400) n`,
    );
    const counts = async () =>
      (await as(
        'system',
        `select status, count(*)::int as n, sum(output_data::int)::int as sum from stratix.workflow_instances
        where id like '${own}-many-%' group by 1`,
      )) as { status: string; n: number; sum: number }[];
    await weft.until(
      'all have ended',
      async () => (await counts()).every(({ status }) => status === 'completed'),
      240_000,
    );
    expect(await counts()).toEqual([{ status: 'completed', n: 400, sum: 160_400 }]);
  }, 300_000);

  it('pauses, resumes and cancels by status', async () => {
    await as('system', `insert into stratix.workflow_instances (id, definition_id) values ('${own}-nap', 'slow-1')`);
    await statusIs(`${own}-nap`, 'running');
    await as('developer', `update stratix.workflow_instances set status = 'paused' where id = '${own}-nap'`);
    await statusIs(`${own}-nap`, 'paused');
    expect((await weft.developer('GET', `/executions/${own}-nap`)).body.status).toBe('paused');
    await as('system', `update stratix.workflow_instances set status = 'resumed' where id = '${own}-nap'`);
    await statusIs(`${own}-nap`, 'running');
    await as('system', `update engine.workflow_executions set status = 'cancelled' where execution_id = '${own}-nap'`);
    await statusIs(`${own}-nap`, 'cancelled');
    const commands = await as(
      'system',
      `select action, requested_by, error, done_at is not null as done from weft.commands where execution_id = '${own}-nap' order by created_at`,
    );
    expect(commands).toEqual([
      { action: 'pause', requested_by: 'developer', error: null, done: true },
      { action: 'resume', requested_by: 'system', error: null, done: true },
      { action: 'cancel', requested_by: 'system', error: null, done: true },
    ]);
    expect(
      await refused('system', `update stratix.workflow_instances set status = 'paused' where id = '${own}-nap'`),
    ).toMatchObject({
      code: '55000',
      message: `the execution '${own}-nap' has ended: cancelled`,
    });
  });

  it('an open execution is there for what follows', async () => {
    await as('system', `insert into stratix.workflow_instances (id, definition_id) values ('${own}-open', 'slow-1')`);
    await statusIs(`${own}-open`, 'running');
  });

  it.each([
    [
      'a status that only the engine gives',
      `update stratix.workflow_instances set status = 'completed' where id = '${own}-open'`,
      '0A000',
      /paused, resumed and cancelled/,
    ],
    [
      'an end that nobody made',
      `insert into stratix.workflow_instances (definition_id, status) values ('hello-1', 'completed')`,
      '0A000',
      /pending/,
    ],
    [
      'an output',
      `insert into stratix.workflow_instances (definition_id, output_data) values ('hello-1', '1')`,
      '0A000',
      /What can be given/,
    ],
    [
      'other columns',
      `update stratix.workflow_instances set correlation_id = 'x' where id = '${own}-open'`,
      '0A000',
      /What can be changed: status/,
    ],
    [
      'a published version changed',
      `update engine.workflow_definitions set definition_json = '{}' where workflow_id = 'hello-1'`,
      '23000',
      /new version/,
    ],
    [
      'a version that is not there',
      `insert into stratix.workflow_instances (definition_id) values ('none')`,
      '23503',
      undefined,
    ],
    [
      'an id that Temporal would part',
      `insert into stratix.workflow_instances (id, definition_id) values ('a~b', 'hello-1')`,
      '23514',
      /characters/,
    ],
    ['tasks', `delete from stratix.task_instances where instance_id = '${own}-open'`, '0A000', /engine writes/],
    ['deleting what is open', `delete from stratix.workflow_definitions where id = 'slow-1'`, '23001', /Cancel/],
  ])('refuses with a hint: %s', async (_what, statement, code, hint) => {
    const error = await refused('system', statement);
    expect(error).toMatchObject({ code });
    if (hint) expect(error.hint).toMatch(hint);
  });

  it('who changed which workflow is in the audit log, by the session', async () => {
    await as('developer', `update stratix.workflow_definitions set category = 'demo' where id = 'hello-1'`);
    const rows = await as(
      'system',
      `select a.user_id, a.action, a.changes -> 'after' ->> 'category' as category from weft.audit_logs a
      join weft.workflows w on w.id = a.resource_id where w.name = 'hello' and a.resource_type = 'workflow' order by a.id`,
    );
    expect(rows[0]).toMatchObject({ user_id: 'system', action: 'create' });
    expect(rows.at(-1)).toEqual({ user_id: 'developer', action: 'update', category: 'demo' });
  });
});
