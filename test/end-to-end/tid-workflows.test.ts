import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addressOf, ask } from '../migrations/catalog.ts';
import type { TestWeft } from '../stack/weft.ts';
import { startWeft } from '../stack/weft.ts';

const ROLE = 'weft_test_tid_end_to_end';
const WRITTEN = `
tasks:
  - { id: double, type: set, vars: { n: '{% $input.n * 2 %}' } }
  - id: big
    type: condition
    if: '{% $vars.n > 10 %}'
    then: [{ id: cheer, type: set, vars: { word: hooray } }]
  - { id: never, type: set, if: '{% false %}', vars: { x: 1 } }
output: '{% $vars.n %}'
`;
const DRAWN = {
  nodes: [
    {
      id: 'double',
      type: 'set',
      position: { x: 0, y: 0 },
      data: { label: 'Double it', vars: { n: '{% $input.n * 2 %}' } },
    },
    { id: 'add', type: 'set', position: { x: 0, y: 100 }, data: { vars: { sum: '{% $vars.n + 1 %}' } } },
  ],
  edges: [{ id: 'e', source: 'double', target: 'add' }],
};

let weft: TestWeft;
let service: Client;
const as = async (text: string, values: unknown[] = []): Promise<any[]> => (await service.query(text, values)).rows;
const ended = (id: string) =>
  weft.until(`${id} ends`, async () => {
    const [row] = await as('select * from workflow_db.workflow_executions where id = $1', [id]);
    return ['completed', 'failed', 'cancelled'].includes(row?.status) && row.total_nodes !== null && row;
  });

beforeAll(async () => {
  weft = await startWeft();
  await ask(weft.superuserUrl, `create role ${ROLE} login password 'tid' in role workflow_service`);
  await ask(weft.superuserUrl, `insert into weft.sql_logins values ($1, 'default', 'system')`, [ROLE]);
  service = new Client({ connectionString: addressOf(weft.superuserUrl, ROLE, 'tid') });
  await service.connect();
  await service.query('set search_path = workflow_db');
});
afterAll(async () => {
  await service.end();
  const server = weft.superuserUrl.replace(/[^/]*$/, 'postgres');
  await weft.stop();
  await ask(server, `drop role ${ROLE}`);
});

describe("the workflow service's login", () => {
  it('runs what was written, and reads its nodes', async () => {
    await weft.save(WRITTEN, 'written');
    const [{ id }] = await as(`select id from workflows where name = 'written'`);
    const [started] = await as(
      `insert into workflow_executions (workflow_id, input) values ($1, '{"n": 7}') returning *`,
      [id],
    );
    expect(started).toMatchObject({ status: 'pending', user_id: 'system', node_executions: [] });
    const execution = await ended(started.id);
    expect(execution).toMatchObject({
      status: 'completed',
      output: 14,
      error: null,
      total_nodes: 4,
      completed_nodes: 4,
    });
    expect(Number(execution.execution_time_ms)).toBe(execution.completed_at - execution.started_at);
    const node = { started_at: expect.any(String), completed_at: expect.any(String), error: null };
    expect(execution.node_executions).toMatchObject([
      { node_id: 'double', status: 'completed', ...node },
      { node_id: 'big', status: 'completed', ...node },
      { node_id: 'cheer', status: 'completed', ...node },
      { node_id: 'never', status: 'cancelled', output: null },
    ]);
  });

  it('reads why one failed', async () => {
    await weft.save(`tasks: [{ id: a, type: fail, code: NO_MONEY, detail: none left }]`, 'fails');
    const [{ id }] = await as(
      `insert into workflow_executions (workflow_id, input) select id, '{}' from workflows where name = 'fails' returning id`,
    );
    const execution = await ended(id);
    expect(execution).toMatchObject({
      status: 'failed',
      error: { code: 'NO_MONEY', detail: expect.stringContaining('none left') },
    });
    expect(execution.node_executions).toMatchObject([{ node_id: 'a', status: 'failed', error: { code: 'NO_MONEY' } }]);
  });

  it('cancels one', async () => {
    await weft.save(`tasks: [{ id: nap, type: wait, for: 10m }]`, 'naps');
    const [{ id }] = await as(
      `insert into workflow_executions (workflow_id, input) select id, '{}' from workflows where name = 'naps' returning id`,
    );
    await weft.until(
      'it runs',
      async () =>
        (await as('select from workflow_executions where id = $1 and status = $2', [id, 'running'])).length === 1,
    );
    await as(`update workflow_executions set status = 'cancelled' where id = $1`, [id]);
    expect(await ended(id)).toMatchObject({
      status: 'cancelled',
      node_executions: [{ node_id: 'nap', status: 'cancelled' }],
    });
  });

  it('draws one and runs it, in one transaction', async () => {
    await as('begin');
    const [{ id }] = await as(
      `insert into workflows (name, nodes, edges, status) values ('Drawn', $1, $2, 'active') returning id`,
      [JSON.stringify(DRAWN.nodes), JSON.stringify(DRAWN.edges)],
    );
    const [started] = await as(
      `insert into workflow_executions (workflow_id, input) values ($1, '{"n": 3}') returning id`,
      [id],
    );
    await as('commit');
    expect(await ended(started.id)).toMatchObject({
      status: 'completed',
      error: null,
      node_executions: [
        { node_id: 'double', status: 'completed' },
        { node_id: 'add', status: 'completed' },
      ],
    });
  });
});
