import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EXECUTION_STATUSES, TASK_STATUSES } from '../../src/contract.ts';
import { createLocalLogin } from '../../src/migrate.ts';
import { createDatabase } from '../../src/store/database.ts';
import { createTestDatabase } from '../stack/database.ts';
import type { TestDatabase } from '../stack/database.ts';
import { addressOf, ask } from './catalog.ts';

const LOGIN = { name: 'weft_test_engine_reader', password: 'local' };
let test: TestDatabase;
let localUrl: string;

const query = (text: string) => ask(localUrl, text);

/** Core status → the document's, from the table in the contract. */
const EXECUTIONS: { readonly [core in (typeof EXECUTION_STATUSES)[number]]: string } = {
  pending: 'pending',
  running: 'running',
  paused: 'running',
  success: 'success',
  failed: 'failed',
  cancelled: 'cancelled',
  timeout: 'failed',
};
const TASKS: { readonly [core in (typeof TASK_STATUSES)[number]]: string } = {
  pending: 'pending',
  running: 'running',
  waiting: 'running',
  retry: 'running',
  success: 'success',
  failed: 'failed',
  timeout: 'timeout',
  skipped: 'skipped',
  cancelled: 'skipped',
};

beforeAll(async () => {
  test = await createTestDatabase();
  await createLocalLogin({ url: test.superuserUrl, ...LOGIN });
  localUrl = addressOf(test.superuserUrl, LOGIN.name, LOGIN.password);
  const database = createDatabase({ url: test.url, name: 'engine-views-test' });
  await database.asApp({ tenant: 'default', userId: 'system' }, async (session) => {
    await session.insertInto('workflows').values({ id: 'w', name: 'pay', title: 'Pay', owner_id: 'system' }).execute();
    const version = { workflow_id: 'w', content_hash: Buffer.of(0), created_by: 'system' };
    await session
      .insertInto('workflow_definitions')
      .values([
        {
          ...version,
          id: 'd1',
          version: '1.0',
          number: 1,
          state: 'published',
          is_active: false,
          body: '{"tasks":[1]}',
        },
        { ...version, id: 'd2', version: '2.0', number: 2, state: 'published' },
        { ...version, id: 'd3', version: '3.0', number: 3, state: 'draft' },
      ])
      .execute();
  });
  const tenant_id = 'default';
  const times = { start_time: '2026-11-01T10:00:00Z', end_time: '2026-11-01T10:00:01.5Z' };
  const whole = {
    tenant_id,
    workflow_id: 'w',
    definition_id: 'd2',
    engine_version: 1,
    input: '{"amount":7}',
    ...times,
  };
  await database.asEngine(async (session) => {
    for (const status of EXECUTION_STATUSES)
      await session
        .insertInto('workflow_executions')
        .values({ ...whole, id: status, status, root_execution_id: status })
        .execute();
    const again = { id: 'again', status: 'pending', root_execution_id: 'failed', redrive_of: 'failed' };
    await session
      .insertInto('workflow_executions')
      .values({ ...whole, ...again })
      .execute();
    for (const status of TASK_STATUSES) {
      const task = { tenant_id, execution_id: 'failed', path: `/${status}`, task_id: status, type: 'executor', status };
      await session
        .insertInto('task_executions')
        .values({
          ...task,
          result: '[1,2]',
          error_code: 'E',
          error_detail: 'why',
          retry_count: 2,
          max_retries: 3,
          ...times,
        })
        .execute();
    }
    const state = { tenant_id, id: 's', execution_id: 'running', kind: 'parking', run_id: 'r', state: '{"at":"/pay"}' };
    await session.insertInto('workflow_states').values(state).execute();
    // Another tenant has one of each name.
    await sql`insert into users (tenant_id, id, email, username, name) values ('other', 'o', 'o@o.test', 'o', 'O')`.execute(
      session,
    );
    await session
      .insertInto('workflow_executions')
      .values({ tenant_id: 'other', id: 'running', status: 'running' })
      .execute();
  });
  await database.close();
});
afterAll(async () => {
  await ask(test.superuserUrl, `drop owned by ${LOGIN.name}`);
  await test.drop();
  await ask(test.superuserUrl.replace(/[^/]*$/, 'postgres'), `drop role ${LOGIN.name}`);
});

describe("rows by the document's names", () => {
  it('definitions, a row for each version', async () => {
    expect(
      await query(
        'select workflow_id, name, version, definition_json, status, created_by from engine.workflow_definitions order by 1',
      ),
    ).toEqual([
      {
        workflow_id: 'd1',
        name: 'pay',
        version: '1.0',
        definition_json: { tasks: [1] },
        status: 'inactive',
        created_by: 'system',
      },
      { workflow_id: 'd2', name: 'pay', version: '2.0', definition_json: {}, status: 'active', created_by: 'system' },
      { workflow_id: 'd3', name: 'pay', version: '3.0', definition_json: {}, status: 'draft', created_by: 'system' },
    ]);
  });

  it('executions, of the tenant alone', async () => {
    const rows = await query('select execution_id, status from engine.workflow_executions');
    const statuses = Object.fromEntries(rows.map(({ execution_id, status }) => [execution_id, status]));
    expect(rows).toHaveLength(EXECUTION_STATUSES.length + 1);
    expect(statuses).toEqual({ ...EXECUTIONS, again: 'retry' });
  });

  it('an execution', async () => {
    expect(await query("select * from engine.workflow_executions where execution_id = 'success'")).toEqual([
      {
        execution_id: 'success',
        workflow_id: 'd2',
        input_data: { amount: 7 },
        status: 'success',
        start_time: new Date('2026-11-01T10:00:00Z'),
        end_time: new Date('2026-11-01T10:00:01.5Z'),
        created_at: expect.any(Date),
        error_code: null,
        error_detail: null,
        created_by: 'system',
        updated_at: expect.any(Date),
      },
    ]);
  });

  it('tasks', async () => {
    const rows = await query("select * from engine.task_executions where execution_id = 'failed'");
    expect(Object.fromEntries(rows.map(({ task_id, status }) => [task_id, status]))).toEqual(TASKS);
    expect(new Set(rows.map(({ task_execution_id }) => task_execution_id)).size).toBe(TASK_STATUSES.length);
    expect(rows[0]).toMatchObject({
      result: [1, 2],
      error_code: 'E',
      error_detail: 'why',
      retry_count: 2,
      max_retries: 3,
    });
  });

  it('states', async () => {
    const rows = await query('select state_id, execution_id, state_data from engine.workflow_states');
    expect(rows).toEqual([{ state_id: 's', execution_id: 'running', state_data: { at: '/pay' } }]);
  });

  it("every status is one of the document's own type", async () => {
    await query('select status::engine.execution_status from engine.workflow_executions');
    await query('select status::engine.task_status from engine.task_executions');
  });
});

it('a deleted workflow shows as deleted', async () => {
  await ask(test.superuserUrl, 'update weft.workflows set deleted_at = now()');
  const rows = await query('select distinct status from engine.workflow_definitions');
  await ask(test.superuserUrl, 'update weft.workflows set deleted_at = null');
  expect(rows).toEqual([{ status: 'deleted' }]);
});

it.each([
  "delete from engine.workflow_states where state_id = 's'",
  "insert into engine.task_executions (execution_id) values ('x')",
  "insert into engine.execution_statistics (workflow_id) values ('d2')",
])('refuses what only the engine writes: %s', async (statement) => {
  await expect(query(statement)).rejects.toMatchObject({
    code: '0A000',
    message: expect.stringMatching(/^engine\.\w+ can only be read$/),
    hint: expect.stringContaining('The engine writes it'),
  });
});
