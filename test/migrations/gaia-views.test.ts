import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EXECUTION_STATUSES } from '../../src/contract.ts';
import { createGaia } from './gaia-surface.ts';
import type { Gaia } from './gaia-surface.ts';

let gaia: Gaia;
const as = (user: 'system' | 'ann' | 'stranger', text: string, values?: unknown[]) => gaia.as(user, text, values);

/** Core status → the document's, from the table in the contract. */
const LOGS: { readonly [core in (typeof EXECUTION_STATUSES)[number]]: string } = {
  pending: 'running',
  running: 'running',
  paused: 'running',
  success: 'success',
  failed: 'failed',
  cancelled: 'failed',
  timeout: 'failed',
};

beforeAll(async () => {
  gaia = await createGaia();
});
afterAll(async () => {
  await gaia.drop();
});

describe("rows by the document's names", () => {
  it('every status', async () => {
    const rows = await as('system', 'select execution_id, status from gaia.gaia_workflow_log');
    expect(Object.fromEntries(rows.map(({ execution_id, status }) => [execution_id, status]))).toEqual(LOGS);
  });

  it('an execution', async () => {
    expect(await as('system', `select * from gaia.gaia_workflow_log where execution_id = 'timeout'`)).toEqual([
      {
        id: expect.stringMatching(/^\d+$/),
        workflow_code: 'ran',
        version_number: '1.0',
        execution_id: 'timeout',
        start_time: new Date('2026-11-01T10:00:00Z'),
        end_time: new Date('2026-11-01T10:00:01.5Z'),
        status: 'failed',
        input_params: '{"a": 1}',
        output_params: '[2]',
        error_message: 'E',
        execution_duration: '1500',
        created_at: expect.any(Date),
      },
    ]);
  });

  it('another tenant has its own of the same code, and sees no other', async () => {
    expect(await as('stranger', 'select workflow_name from gaia.gaia_workflow')).toEqual([
      { workflow_name: 'Ran in stranger' },
    ]);
    expect(await as('stranger', 'select id from gaia.gaia_workflow_log')).toEqual([]);
    const [version] = await as('system', 'select id from gaia.gaia_workflow_version');
    const statement = `update gaia.gaia_workflow set current_version_id = ${version.id}`;
    const [own] = await as('stranger', 'select id from gaia.gaia_workflow_version');
    if (own.id !== version.id) expect(await gaia.refused('stranger', statement)).toMatchObject({ code: '23503' });
    await as('system', `insert into gaia.gaia_workflow_template (template_code, template_name) values ('t', 'T')`);
    await as('stranger', `insert into gaia.gaia_workflow_template (template_code, template_name) values ('t', 'T')`);
    expect(
      await gaia.refused(
        'stranger',
        `insert into gaia.gaia_workflow_log (workflow_code, version_number) values ('ran', '9')`,
      ),
    ).toMatchObject({ code: '23503' });
  });
});

describe('writing', () => {
  it('templates come, change, go and come back', async () => {
    const [made] = await as(
      'ann',
      `insert into gaia.gaia_workflow_template (template_code, template_name, template_desc, template_data) values ('etl', 'ETL', 'd', $1) returning *`,
      ['{"tasks": [1]}'],
    );
    expect(made).toMatchObject({ id: expect.stringMatching(/^\d+$/), is_deleted: 0, created_at: expect.any(Date) });
    await as(
      'ann',
      `update gaia.gaia_workflow_template set template_name = 'E', template_data = '{"a":1}', is_deleted = 1 where template_code = 'etl'`,
    );
    const shown = () =>
      as(
        'ann',
        `select template_name, template_desc, template_data, is_deleted from gaia.gaia_workflow_template where template_code = 'etl'`,
      );
    expect(await shown()).toEqual([
      { template_name: 'E', template_desc: 'd', template_data: '{"a": 1}', is_deleted: 1 },
    ]);
    await as('ann', `update gaia.gaia_workflow_template set is_deleted = 0 where template_code = 'etl'`);
    expect(await shown()).toMatchObject([{ is_deleted: 0 }]);
    expect(await gaia.asOwner(`select created_by, deleted_at from weft.workflow_templates where code = 'etl'`)).toEqual(
      [{ created_by: 'ann', deleted_at: null }],
    );
  });

  it('workflows and their versions', async () => {
    await as('ann', `insert into gaia.gaia_workflow_template (template_code, template_name) values ('base', 'Base')`);
    const [workflow] = await as(
      'ann',
      `insert into gaia.gaia_workflow (workflow_code, workflow_name, template_code) values ('pay', 'Pay', 'base') returning *`,
    );
    expect(workflow).toMatchObject({ current_version_id: null, is_deleted: 0 });
    const insert = async (version: string, current: number) =>
      (
        await as(
          'ann',
          `insert into gaia.gaia_workflow_version (workflow_code, version_number, version_desc, workflow_data, is_current) values ('pay', $1, 'why', $2, $3) returning *`,
          [version, `{"tasks":  [], "title": "Pay ${version}"}`, current],
        )
      )[0];
    const current = async () =>
      (
        await as(
          'ann',
          `select version_number from gaia.gaia_workflow_version where workflow_code = 'pay' and is_current = 1`,
        )
      ).map(({ version_number }) => version_number);
    const first = await insert('1.0', 1);
    expect(first).toMatchObject({ created_by: 'ann', is_current: 1 });
    await insert('1.1', 0);
    expect(await current()).toEqual(['1.0']);
    await insert('2.0', 1);
    expect(await current()).toEqual(['2.0']);
    // As the document's programs do it: all to 0, one to 1.
    await as('ann', `update gaia.gaia_workflow_version set is_current = 0 where workflow_code = 'pay'`);
    expect(await current()).toEqual([]);
    await as(
      'ann',
      `update gaia.gaia_workflow_version set is_current = 1, version_desc = 'best' where workflow_code = 'pay' and version_number = '1.1'`,
    );
    expect(await current()).toEqual(['1.1']);
    await as(
      'ann',
      `update gaia.gaia_workflow set current_version_id = $1, workflow_name = 'Payday', workflow_desc = 'd' where workflow_code = 'pay'`,
      [first.id],
    );
    expect(await current()).toEqual(['1.0']);
    expect(
      await as(
        'ann',
        `select workflow_name, workflow_desc, template_code, current_version_id from gaia.gaia_workflow where workflow_code = 'pay'`,
      ),
    ).toEqual([
      // A version that says a title gives it to the workflow.
      { workflow_name: 'Pay 1.0', workflow_desc: 'd', template_code: 'base', current_version_id: first.id },
    ]);
    expect(
      await gaia.asOwner(
        `select version, number, source, dialect, state, change_summary from weft.workflow_definitions d where change_summary in ('why', 'best') order by number`,
      ),
    ).toEqual([
      {
        version: '1.0',
        number: 1,
        source: '{"tasks":  [], "title": "Pay 1.0"}',
        dialect: 'native',
        state: 'published',
        change_summary: 'why',
      },
      expect.objectContaining({ version: '1.1', number: 2, change_summary: 'best' }),
      expect.objectContaining({ version: '2.0', number: 3 }),
    ]);
    const history = await gaia.asOwner(
      `select h.action from weft.workflow_definition_history h join weft.workflows w on w.id = h.workflow_id where w.name = 'pay' order by h.id`,
    );
    expect(history.map(({ action }) => action)).toEqual([
      'created',
      'published',
      'published',
      'deactivated',
      'published',
      'rolled_back',
    ]);
  });

  it('a workflow that is deleted starts nothing, and keeps its code', async () => {
    await as('ann', `insert into gaia.gaia_workflow (workflow_code, workflow_name) values ('gone', 'Gone')`);
    await as(
      'ann',
      `insert into gaia.gaia_workflow_version (workflow_code, version_number, workflow_data, is_current) values ('gone', '1', '{}', 1)`,
    );
    await as('ann', `update gaia.gaia_workflow set is_deleted = 1 where workflow_code = 'gone'`);
    for (const [statement, code] of [
      [`insert into gaia.gaia_workflow_log (workflow_code, version_number) values ('gone', '1')`, '23503'],
      [
        `insert into gaia.gaia_workflow_version (workflow_code, version_number, workflow_data) values ('gone', '2', '{}')`,
        '23503',
      ],
      [`insert into gaia.gaia_workflow (workflow_code, workflow_name) values ('gone', 'Gone')`, '23505'],
    ] as const)
      expect(await gaia.refused('ann', statement)).toMatchObject({ code });
    await as('ann', `update gaia.gaia_workflow set is_deleted = 0 where workflow_code = 'gone'`);
    await as(
      'ann',
      `insert into gaia.gaia_workflow_log (workflow_code, version_number, execution_id) values ('gone', '1', 'back')`,
    );
  });

  it('a row of the log starts an execution, status cancelled cancels it', async () => {
    const [started] = await as(
      'ann',
      `insert into gaia.gaia_workflow_log (workflow_code, version_number, execution_id, status, input_params) values ('ran', '1.0', 'run-1', 'running', '{"n": 1}') returning *`,
    );
    expect(started).toMatchObject({
      execution_id: 'run-1',
      status: 'running',
      version_number: '1.0',
      input_params: '{"n": 1}',
    });
    const [other] = await as('ann', `insert into gaia.gaia_workflow_log (workflow_code) values ('ran') returning *`);
    expect(other).toMatchObject({ execution_id: expect.any(String), status: 'running', version_number: '1.0' });
    expect(
      await gaia.asOwner(
        `select id, seq, status, input, triggered_by, trigger from weft.workflow_executions where id = 'run-1'`,
      ),
    ).toEqual([
      { id: 'run-1', seq: started.id, status: 'pending', input: { n: 1 }, triggered_by: 'ann', trigger: 'sql' },
    ]);
    await as('ann', `update gaia.gaia_workflow_log set status = 'cancelled' where execution_id = 'run-1'`);
    expect(await gaia.asOwner(`select action, requested_by from weft.commands where execution_id = 'run-1'`)).toEqual([
      { action: 'cancel', requested_by: 'ann' },
    ]);
  });
});
