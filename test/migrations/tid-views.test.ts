import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask } from './catalog.ts';
import type { Tid } from './tid-logins.ts';
import { SERVICES, startTid } from './tid-logins.ts';
import { TID_ROWS } from './tid-rows.ts';

let tid: Tid;
const as: Tid['as'] = (...query) => tid.as(...query);
const refused: Tid['refused'] = (...query) => tid.refused(...query);
const serviceOf = (view: string) => view.split('_db.')[0] ?? '';

const insert = (login: string, view: string, row: { readonly [column: string]: unknown }) =>
  as(
    login,
    `insert into ${view} (${Object.keys(row).join(', ')}) values (${Object.keys(row)
      .map((_, i) => `$${i + 1}`)
      .join(', ')}) returning *`,
    Object.values(row),
  );
const update = (login: string, view: string, row: { readonly [column: string]: unknown }) =>
  as(
    login,
    `update ${view} set ${Object.keys(row)
      .map((column, i) => `${column} = $${i + 1}`)
      .join(', ')} where id = 'row' returning *`,
    Object.values(row),
  );

beforeAll(async () => {
  tid = await startTid('tid_views');
});
afterAll(() => tid.stop());

describe.each(TID_ROWS)(
  "$view, with its service's login",
  ({ view, insert: given, shown, update: changes, updated }) => {
    it('is written', async () => {
      const { rows } = await insert(serviceOf(view), view, given);
      expect(rows).toHaveLength(1);
      expect(rows[0]).toMatchObject({ ...given, ...shown });
      const read = await as(serviceOf(view), `select * from ${view} where id = 'row'`);
      expect(read.rows).toEqual(rows);
    });

    it("isn't there for another tenant, nor without one", async () => {
      expect((await as('other', `select * from ${view}`)).rows.filter(({ id }) => id === 'row')).toEqual([]);
      const none = await update('other', view, changes);
      expect(none.rowCount).toBe(0);
      expect((await as('other', `delete from ${view} where id = 'row'`)).rowCount).toBe(0);
    });

    it('is changed', async () => {
      const { rows } = await update(serviceOf(view), view, changes);
      expect(rows).toHaveLength(1);
      expect(rows[0]).toMatchObject({ ...changes, ...updated });
    });

    it('is of its service alone', async () => {
      const stranger = SERVICES.find((service) => service !== serviceOf(view)) ?? '';
      expect(await refused(stranger, `select from ${view}`)).toMatchObject({ code: '42501' });
    });
  },
);

it('the same ids are free for another tenant: no key tells', async () => {
  for (const { view, insert: given } of TID_ROWS) expect((await insert('other', view, given)).rowCount, view).toBe(1);
  for (const { view } of TID_ROWS)
    expect((await as('other', `select from ${view} where id = 'row'`)).rowCount, view).toBe(1);
});

it('what refers to a row of another tenant fails as if there were none', async () => {
  await insert('other', 'persona_db.personas', { id: 'theirs', name: 'Theirs', template: '' });
  const [theirs, none] = await Promise.all(
    ['theirs', 'none'].map((id) =>
      refused('agent', `insert into agent_db.agents (persona_id, name) values ('${id}', 'x')`),
    ),
  );
  expect(theirs).toMatchObject({ code: '23503' });
  expect(theirs?.message).toBe(none?.message);
});

it('without a tenant nothing is seen, and nothing written', async () => {
  for (const view of ['agent_db.users', 'agent_db.agents', 'workflow_db.workflows', 'workflow_db.workflow_executions'])
    expect((await as('nobody', `select * from ${view}`)).rows).toEqual([]);
  expect(await refused('nobody', `insert into workflow_db.workflows (name) values ('x')`)).toMatchObject({
    code: '42501',
  });
  expect(
    await refused(
      'nobody',
      `insert into agent_db.agent_plugins (agent_id, name, plugin_type) values ('row', 'x', 'web_search')`,
    ),
  ).toMatchObject({ code: expect.stringMatching(/^(42501|23502)$/) });
});

describe('users', () => {
  it('a person writes their own name and password, an admin the rest', async () => {
    await as('person', `update agent_db.users set name = 'Pia', password_hash = 'new' where id = 'person'`);
    expect(await ask(tid.superuserUrl, `select name, password_hash from weft.users where id = 'person'`)).toEqual([
      { name: 'Pia', password_hash: 'new' },
    ]);
    for (const statement of [
      `update agent_db.users set roles = '{admin}' where id = 'person'`,
      `update agent_db.users set permissions = '{*}' where id = 'person'`,
      `update agent_db.users set email_verified = true where id = 'person'`,
      `update agent_db.users set email = 'system@weft.invalid' where id = 'person'`,
      `update agent_db.users set name = 'x' where id = 'row'`,
      `insert into agent_db.users (email, name) values ('x@tid.test', 'X')`,
    ])
      expect(await refused('person', statement), statement).toMatchObject({ code: '42501' });
    await as('agent', `update agent_db.users set roles = '{admin}' where id = 'person'`);
    await as('person', `update agent_db.users set permissions = '{agent:read}' where id = 'person'`);
  });

  it('the hash stays when a program writes the whole row back', async () => {
    await as(
      'agent',
      `update agent_db.users u set name = 'Pia P.', password_hash = u.password_hash where id = 'person'`,
    );
    expect(await ask(tid.superuserUrl, `select password_hash from weft.users where id = 'person'`)).toEqual([
      { password_hash: 'new' },
    ]);
  });

  it('the product itself sees it', async () => {
    const client = new Client({ connectionString: tid.url });
    await client.connect();
    await client.query(`begin; set local role weft_app; set local app.tenant = 'default'`);
    expect((await client.query(`select password_hash from agent_db.users where id = 'person'`)).rows).toEqual([
      { password_hash: 'new' },
    ]);
    await client.end();
  });
});

describe('logs', () => {
  it('are written, read by level, and only grow', async () => {
    const { rows } = await as(
      'agent',
      `insert into agent_db.execution_logs (execution_id, level, message, metadata) values ('row', 'error', 'no', '{"a":1}') returning *`,
    );
    expect(rows[0]).toMatchObject({
      id: expect.stringMatching(/^\d+$/),
      execution_id: 'row',
      level: 'error',
      metadata: { a: 1 },
    });
    expect((await as('other', 'select from agent_db.execution_logs')).rowCount).toBe(0);
    expect(await refused('agent', `update agent_db.execution_logs set message = 'x'`)).toMatchObject({ code: '0A000' });
    expect(
      await refused(
        'agent',
        `insert into agent_db.execution_logs (execution_id, level, message) values ('none', 'info', 'x')`,
      ),
    ).toMatchObject({ code: '23503' });
    expect(
      await refused(
        'agent',
        `insert into agent_db.execution_logs (execution_id, level, message) values ('row', 'critical', 'x')`,
      ),
    ).toMatchObject({ code: '23514' });
  });

  it('have a partition for the next month, as the document makes it', async () => {
    const notices: (string | undefined)[] = [];
    tid.onNotice('agent', (message) => notices.push(message));
    await as('agent', 'set search_path = agent_db');
    expect((await as('agent', 'select create_next_month_partition()')).rowCount).toBe(1);
    expect(notices).toEqual([expect.stringMatching(/^Created partition: execution_logs_\d{4}_\d\d$/)]);
  });
});

it('outputs are those of the code', async () => {
  await as('code', `update code_db.code_outputs set stdout = '2' where id = 'row'`);
  expect((await as('code', `select stdout, exit_code from code_db.code_executions where id = 'row'`)).rows).toEqual([
    { stdout: '2', exit_code: 0 },
  ]);
  expect(await refused('code', `delete from code_db.code_outputs`)).toMatchObject({
    code: '0A000',
    hint: expect.stringContaining('code_executions'),
  });
});

it('a plain connection string is refused, and only the service sees one', async () => {
  expect(
    await refused('sql', `update sql_db.databases set connection_string = 'postgres://x' where id = 'row'`),
  ).toMatchObject({ code: '23514', hint: expect.stringContaining('enc:') });
  await ask(
    tid.superuserUrl,
    'grant select on sql_db.databases to weft_test_tid_views_code; grant usage on schema sql_db to weft_test_tid_views_code',
  );
  expect((await as('code', `select connection_string from sql_db.databases`)).rows).toEqual([
    { connection_string: null },
  ]);
  await ask(
    tid.superuserUrl,
    'revoke select on sql_db.databases from weft_test_tid_views_code; revoke usage on schema sql_db from weft_test_tid_views_code',
  );
});

it('everything goes again, but users', async () => {
  for (const { view, undeletable } of [...TID_ROWS].reverse()) {
    const statement = `delete from ${view} where id = 'row'`;
    if (undeletable === undefined) expect((await as(serviceOf(view), statement)).rowCount, view).toBe(1);
    else
      expect(await refused(serviceOf(view), statement)).toMatchObject({
        code: undeletable,
        hint: expect.stringContaining('deleted_at'),
      });
  }
  expect((await as('agent', 'select from agent_db.execution_logs')).rowCount).toBe(0);
});
