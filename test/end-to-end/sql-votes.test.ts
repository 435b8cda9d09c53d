import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask } from '../migrations/catalog.ts';
import type { SqlLogins } from '../stack/sql-logins.ts';
import { createSqlLogins } from '../stack/sql-logins.ts';
import type { TestWeft } from '../stack/weft.ts';
import { startWeft } from '../stack/weft.ts';

/** Temporal is shared by all tests and keeps what ran before. */
const own = randomUUID().slice(0, 8);
const ASKS = `{"tasks": [{"id": "ask", "type": "approval", "title": "May I?", "assignees": ["manager"], "candidateGroups": []}],
  "output": "{% $tasks.ask.output %}"}`;

describe('votes by SQL', () => {
  let weft: TestWeft;
  let logins: SqlLogins;
  const as: SqlLogins['as'] = (...statement) => logins.as(...statement);
  const refused: SqlLogins['refused'] = (...statement) => logins.refused(...statement);
  const ended = (id: string) =>
    weft.until(`${id} ends`, async () => {
      const [row] = await as('system', 'select * from stratix.workflow_instances where id = $1', [id]);
      return ['completed', 'failed', 'cancelled'].includes(row?.status) && row;
    });

  beforeAll(async () => {
    weft = await startWeft();
    logins = await createSqlLogins(weft.superuserUrl, 'votes', ['system', 'developer', 'manager']);
    await as(
      'system',
      `insert into stratix.workflow_definitions (id, name, version, definition_json) values ('asks-1', 'asks', '1.0', $1)`,
      [ASKS],
    );
  });
  afterAll(async () => {
    await logins.close();
    await weft.stop();
    await logins.drop();
  });

  it('votes by insert, with the same authorisation as over HTTP', async () => {
    await as(
      'developer',
      `insert into stratix.workflow_instances (id, definition_id) values ('${own}-vote', 'asks-1')`,
    );
    await weft.until(
      'it asks',
      async () => (await as('system', `select from weft.approvals where id = '${own}-vote~ask'`)).length === 1,
    );
    const vote = (more = '') =>
      `insert into weft.approval_votes (approval_id, decision${more === '' ? '' : ', voter_id'}) values ('${own}-vote~ask', 'approve'${more})`;
    expect(await refused('developer', vote())).toMatchObject({
      code: '42501',
      message: expect.stringContaining('who started'),
    });
    expect(await refused('system', vote())).toMatchObject({ code: '42501', hint: expect.stringContaining('login') });
    expect(await refused('developer', vote(", 'manager'"))).toMatchObject({ code: '42501' });
    await as('manager', vote());
    expect(await ended(`${own}-vote`)).toMatchObject({
      status: 'completed',
      output_data: { decision: 'approve', decidedBy: 'manager' },
    });
    expect(
      await as(
        'system',
        `select voter_id, decision, channel from weft.approval_votes where approval_id = '${own}-vote~ask'`,
      ),
    ).toEqual([{ voter_id: 'manager', decision: 'approve', channel: 'sql' }]);
    expect(await refused('manager', vote())).toMatchObject({
      code: '55000',
      message: expect.stringContaining("by 'manager'"),
    });
  });

  it('who may not decide approvals at all may not by SQL', async () => {
    await as(
      'developer',
      `insert into stratix.workflow_instances (id, definition_id) values ('${own}-barred', 'asks-1')`,
    );
    await weft.until(
      'it asks',
      async () => (await as('system', `select from weft.approvals where id = '${own}-barred~ask'`)).length === 1,
    );
    await ask(weft.superuserUrl, `update weft.users set roles = '{operator}' where id = 'manager'`);
    await as(
      'manager',
      `insert into weft.approval_votes (approval_id, decision) values ('${own}-barred~ask', 'approve')`,
    );
    await weft.until('it is refused', async () => {
      const [row] = await as(
        'system',
        `select error from weft.commands where execution_id = '${own}-barred' and done_at is not null`,
      );
      return /^FORBIDDEN: /.test(row?.error ?? '');
    });
    await ask(weft.superuserUrl, `update weft.users set roles = '{operator,approver}' where id = 'manager'`);
    expect(await as('system', `select from weft.approval_votes where approval_id = '${own}-barred~ask'`)).toEqual([]);
  });
});
