import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ask } from './catalog.ts';
import type { Tid } from './tid-logins.ts';
import { startTid } from './tid-logins.ts';

let tid: Tid;
const core = (text: string) => ask(tid.superuserUrl, text);
const as: Tid['as'] = (...query) => tid.as(...query);
const refused = (text: string) => tid.refused('workflow', text);
const versions = (id: string) =>
  core(
    `select d.number, d.state, d.dialect, d.body -> 'nodes' as nodes, d.id = w.current_definition_id as current
     from weft.workflow_definitions d join weft.workflows w on w.id = d.workflow_id where w.id = '${id}' order by 1`,
  );
const node = (id: string) => ({ id, type: 'set', position: { x: 0, y: 0 }, data: { label: id, vars: { [id]: 1 } } });
const nodes = (...ids: string[]) => `'${JSON.stringify(ids.map(node))}'::jsonb`;

beforeAll(async () => {
  tid = await startTid('tid_workflows');
});
afterAll(() => tid.stop());

describe('a workflow', () => {
  it.each([
    ['Order intake', 'Order intake'],
    ['Order intake', 'Order intake-2'],
    ['Order intake', 'Order intake-3'],
    ['a/b', 'a-b'],
    ["E'a\\tb'", 'a-b-2'],
    ['x'.repeat(100), 'x'.repeat(100)],
  ])('%s is %s in the core', async (name, inCore) => {
    const literal = name.startsWith("E'") ? name : `'${name}'`;
    const { rows } = await as('workflow', `insert into workflow_db.workflows (name) values (${literal}) returning id`);
    expect(await core(`select name from weft.workflows where id = '${rows[0].id}'`)).toEqual([{ name: inCore }]);
  });

  it('many of one name in one statement', async () => {
    await as('workflow', `insert into workflow_db.workflows (name) select 'same' from generate_series(1, 50)`);
    expect(await core(`select count(distinct name)::int as n from weft.workflows where title = 'same'`)).toEqual([
      { n: 50 },
    ]);
  });
});

describe('its versions', () => {
  beforeEach(async () => {
    await as('workflow', `delete from workflow_db.workflows where id = 'w'`);
    await as(
      'workflow',
      `insert into workflow_db.workflows (id, name, nodes, status) values ('w', 'W', ${nodes('a')}, 'active')`,
    );
  });

  it('an active one is published', async () => {
    expect(await versions('w')).toEqual([
      { number: 1, state: 'published', dialect: 'graph', nodes: [node('a')], current: true },
    ]);
    const { rows } = await as(
      'workflow',
      `select status, version, published_at is not null as published from workflow_db.workflows where id = 'w'`,
    );
    expect(rows).toEqual([{ status: 'active', version: 1, published: true }]);
  });

  it('a change makes a draft, which shows; what runs stays', async () => {
    await as('workflow', `update workflow_db.workflows set nodes = ${nodes('a', 'b')} where id = 'w'`);
    await as(
      'workflow',
      `update workflow_db.workflows set edges = '[{"id":"e","source":"a","target":"b","sourceHandle":"out"}]' where id = 'w'`,
    );
    expect(await versions('w')).toEqual([
      { number: 1, state: 'published', dialect: 'graph', nodes: [node('a')], current: true },
      { number: 2, state: 'draft', dialect: 'graph', nodes: [node('a'), node('b')], current: false },
    ]);
    const { rows } = await as('workflow', `select version, nodes from workflow_db.workflows where id = 'w'`);
    expect(rows).toEqual([{ version: 1, nodes: [node('a'), node('b')] }]);
    expect(
      (
        await as(
          'workflow',
          `select id, type, label, position, data, order_index from workflow_db.workflow_nodes where workflow_id = 'w' order by order_index`,
        )
      ).rows,
    ).toEqual([
      { ...node('a'), label: 'a', order_index: 0 },
      { ...node('b'), label: 'b', order_index: 1 },
    ]);
    expect(
      (await as('workflow', `select * from workflow_db.workflow_edges where workflow_id = 'w'`)).rows,
    ).toMatchObject([{ id: 'e', source: 'a', target: 'b', source_handle: 'out', target_handle: null }]);
  });

  it.each([
    ['the next number', `version = version + 1`],
    ['draft, then active', `status = 'draft'`, `status = 'active'`],
  ])('%s publishes the draft', async (_how, ...changes) => {
    await as('workflow', `update workflow_db.workflows set nodes = ${nodes('b')} where id = 'w'`);
    for (const change of changes) await as('workflow', `update workflow_db.workflows set ${change} where id = 'w'`);
    expect((await versions('w'))[1]).toEqual({
      number: 2,
      state: 'published',
      dialect: 'graph',
      nodes: [node('b')],
      current: true,
    });
    const { rows } = await as('workflow', `select version, status from workflow_db.workflows where id = 'w'`);
    expect(rows).toEqual([{ version: 2, status: 'active' }]);
  });

  it('both at once, as an editor saves', async () => {
    const { rows } = await as(
      'workflow',
      `update workflow_db.workflows set nodes = ${nodes('c')}, version = version + 1 where id = 'w' returning version, nodes`,
    );
    expect(rows).toEqual([{ version: 2, nodes: [node('c')] }]);
  });

  it('paused, archived, deleted and back', async () => {
    for (const status of ['paused', 'archived', 'active']) {
      await as('workflow', `update workflow_db.workflows set status = '${status}' where id = 'w'`);
      expect(await core(`select status from weft.workflows where id = 'w'`)).toEqual([{ status }]);
      if (status === 'paused')
        expect(
          await refused(`insert into workflow_db.workflow_executions (workflow_id, input) values ('w', '{}')`),
        ).toMatchObject({ code: '55000' });
    }
    await as('workflow', `update workflow_db.workflows set deleted_at = now() where id = 'w'`);
    expect(
      await refused(`insert into workflow_db.workflow_executions (workflow_id, input) values ('w', '{}')`),
    ).toMatchObject({ code: '23503' });
    await as(
      'workflow',
      `update workflow_db.workflows set deleted_at = null, tags = '{a}', metadata = '{"b":1}' where id = 'w'`,
    );
    expect(await core(`select deleted_at, tags, metadata from weft.workflows where id = 'w'`)).toEqual([
      { deleted_at: null, tags: ['a'], metadata: { b: 1 } },
    ]);
  });

  it('an execution begins as pending, of the current version, and bars deletion', async () => {
    const { rows } = await as(
      'workflow',
      `insert into workflow_db.workflow_executions (id, workflow_id, user_id, input, node_executions, completed_nodes) values ('e', 'w', 'person', '{"n":1}', '[]', 0) returning *`,
    );
    expect(rows[0]).toMatchObject({
      id: 'e',
      workflow_id: 'w',
      user_id: 'person',
      status: 'pending',
      input: { n: 1 },
      node_executions: [],
      error: null,
    });
    expect(await refused(`delete from workflow_db.workflows where id = 'w'`)).toMatchObject({ code: '23001' });
    await as('workflow', `update workflow_db.workflow_executions set status = 'cancelled' where id = 'e'`);
    expect(await core(`select action from weft.commands where execution_id = 'e'`)).toEqual([{ action: 'cancel' }]);
    expect((await as('other', `select from workflow_db.workflow_executions`)).rowCount).toBe(0);
    expect((await as('other', `update workflow_db.workflow_executions set status = 'paused'`)).rowCount).toBe(0);
    await core(
      `update weft.workflow_executions set status = 'timeout', authority = 2, error_code = 'E', error_detail = 'late', error_task = '/a' where id = 'e'`,
    );
    await core(`insert into weft.task_executions (tenant_id, execution_id, path, task_id, type, status, execution_order, result, error_code)
      values ('default', 'e', '/b', 'b', 'set', 'waiting', 1, null, null), ('default', 'e', '/a', 'a', 'set', 'success', 0, '{"x":1}', null)`);
    const shown = await as(
      'workflow',
      `select status, error, node_executions from workflow_db.workflow_executions where id = 'e'`,
    );
    const times = { started_at: null, completed_at: null, error: null };
    expect(shown.rows).toEqual([
      {
        status: 'failed',
        error: { code: 'E', detail: 'late', task: '/a' },
        node_executions: [
          { node_id: 'a', status: 'completed', output: { x: 1 }, ...times },
          { node_id: 'b', status: 'running', output: null, ...times },
        ],
      },
    ]);
  });

  it.each([
    [`update workflow_db.workflows set version = 7 where id = 'w'`, '0A000', /makes a draft/],
    [`update workflow_db.workflows set user_id = 'person' where id = 'w'`, '0A000', /What can be changed/],
    [`update workflow_db.workflows set status = 'inactive' where id = 'w'`, '23514', undefined],
    [`delete from workflow_db.workflow_nodes where workflow_id = 'w'`, '0A000', /workflow_db.workflows/],
    [`insert into workflow_db.workflow_edges (workflow_id) values ('w')`, '0A000', /workflow_db.workflows/],
    [
      `insert into workflow_db.workflow_executions (workflow_id, input, status) values ('w', '{}', 'running')`,
      '0A000',
      /pending/,
    ],
    [
      `insert into workflow_db.workflow_executions (workflow_id, input, output) values ('w', '{}', '1')`,
      '0A000',
      /given/,
    ],
    [`insert into workflow_db.workflows (name) values (null)`, '23502', undefined],
  ])('refuses %s', async (statement, code, hint) => {
    const error = await refused(statement);
    expect(error).toMatchObject({ code });
    if (hint) expect(error.hint).toMatch(hint);
  });
});

it('a definition that was written shows its tasks, and is not drawn over', async () => {
  const body = {
    tasks: [
      { id: 'a', type: 'set', vars: {} },
      { id: 'b', type: 'set' },
      { id: 'c', type: 'set', dependencies: ['a'] },
      7,
    ],
  };
  await core(`begin; set local role weft_app; set local app.tenant = 'default';
    insert into stratix.workflow_definitions (name, version, definition_json) values ('written', '1', '${JSON.stringify(body)}'); commit`);
  const { rows } = await as('workflow', `select id, nodes, edges from workflow_db.workflows where name = 'written'`);
  expect(rows[0].nodes).toEqual([
    { id: 'a', type: 'set', position: { x: 0, y: 0 }, data: { vars: {} } },
    { id: 'b', type: 'set', position: { x: 0, y: 100 }, data: {} },
    { id: 'c', type: 'set', position: { x: 0, y: 200 }, data: {} },
  ]);
  expect(rows[0].edges).toEqual([
    { id: 'a-b', source: 'a', target: 'b' },
    { id: 'a-c', source: 'a', target: 'c' },
  ]);
  expect(await refused(`update workflow_db.workflows set nodes = '[]' where name = 'written'`)).toMatchObject({
    code: '0A000',
    hint: expect.stringContaining('new version'),
  });
});

it('no column and no hint tells of another tenant', async () => {
  await as('other', `insert into workflow_db.workflows (id, name, status) values ('theirs', 'Theirs', 'active')`);
  const [theirs, none] = await Promise.all(
    ['theirs', 'none'].map((id) =>
      refused(`insert into workflow_db.workflow_executions (workflow_id, input) values ('${id}', '{}')`),
    ),
  );
  expect(theirs?.code).toBe('23503');
  expect(theirs?.message.replace('theirs', 'none')).toBe(none?.message);
  for (const view of ['workflows', 'workflow_nodes', 'workflow_edges', 'workflow_executions', 'workflow_snapshots'])
    expect((await as('nobody', `select from workflow_db.${view}`)).rowCount).toBe(0);
});
