import { readFileSync } from 'node:fs';
import { Client as Temporal, Connection } from '@temporalio/client';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Ledger } from '../stack/ledger.ts';
import { startLedger } from '../stack/ledger.ts';
import type { TestWeft } from '../stack/weft.ts';
import { startWeft } from '../stack/weft.ts';

const example = (name: string): string => readFileSync(`examples/${name}.yaml`, 'utf8');

describe('the main job, over HTTP', () => {
  let weft: TestWeft;
  let provider: Ledger;
  let database: Client;
  let temporal: Temporal;

  beforeAll(async () => {
    weft = await startWeft();
    provider = await startLedger(5);
    database = new Client({ connectionString: weft.superuserUrl });
    await database.connect();
    // The views show one tenant's rows.
    await database.query("set app.tenant = 'default'");
    const { address, namespace } = inject('weft').temporal;
    temporal = new Temporal({ connection: await Connection.connect({ address }), namespace });
    for (const name of ['hello', 'retry', 'parallel-map', 'http-and-condition', 'expense-claim'])
      await weft.save(example(name), name);
  });
  afterAll(async () => {
    await temporal.connection.close();
    await database.end();
    await provider.close();
    await weft.stop();
  });

  const claim = (amount: number) => ({
    workflow: 'expense-claim',
    correlationId: `claim-${amount}`,
    input: {
      amount,
      employee: 'Ada',
      policyUrl: `${provider.url}/policy`,
      payUrl: `${provider.url}/pay`,
      refundUrl: provider.url,
    },
  });

  async function openApproval(execution: string): Promise<any> {
    return await weft.until('an approval is open', async () => {
      const { body } = await weft.manager('GET', '/approvals?status=open&assignee=me');
      return (body.items as { execution: string }[]).find((item) => item.execution === execution);
    });
  }

  it('an expense claim waits for the manager, who is not the starter, and is paid', async () => {
    const started = await weft.developer('POST', '/executions', claim(700));
    expect(started.status).toBe(202);
    const { id } = started.body;
    const approval = await openApproval(id);
    expect(approval).toMatchObject({
      status: 'open',
      title: 'Claim of Ada over 700',
      assignees: ['manager'],
      task: '/route/manager',
    });

    const waiting = (await weft.developer('GET', `/executions/${id}`)).body;
    expect(waiting).toMatchObject({ status: 'running', currentTasks: ['/route/manager'], correlationId: 'claim-700' });

    const own = await weft.developer('POST', `/approvals/${approval.id}/decision`, { decision: 'approve' });
    expect(own).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });

    const decided = await weft.manager('POST', `/approvals/${approval.id}/decision`, {
      decision: 'approve',
      comment: 'fine',
    });
    expect(decided).toMatchObject({
      status: 200,
      body: { status: 'approved', votes: [{ user: 'manager', decision: 'approve', comment: 'fine' }] },
    });

    const ended = (await weft.developer('GET', `/executions/${id}?wait=30s`)).body;
    expect(ended).toMatchObject({
      status: 'success',
      output: { paid: true, receipt: `receipt-${id}/pay` },
      error: null,
      progress: { total: 5, completed: 5 },
    });
    expect(provider.calls.get(`${id}/pay`)).toBe(1);

    const { rows } = await database.query(
      'select path, type, status, executor from weft.task_executions where execution_id = $1 order by execution_order',
      [id],
    );
    expect(rows).toEqual([
      { path: '/check', type: 'executor', status: 'success', executor: 'http' },
      { path: '/route', type: 'condition', status: 'success', executor: null },
      { path: '/route/manager', type: 'approval', status: 'success', executor: null },
      { path: '/pay', type: 'executor', status: 'success', executor: 'http' },
    ]);
    const attempts = await database.query(
      'select path, attempt, status from weft.task_attempts where execution_id = $1 order by path',
      [id],
    );
    expect(attempts.rows).toEqual([
      { path: '/check', attempt: 1, status: 'success' },
      { path: '/pay', attempt: 1, status: 'success' },
    ]);
    const votes = await database.query(
      'select voter_id, decision, comment, channel from weft.approval_votes where approval_id = $1',
      [approval.id],
    );
    expect(votes.rows).toEqual([{ voter_id: 'manager', decision: 'approve', comment: 'fine', channel: 'api' }]);
    const view = await database.query(
      'select status, error_code from engine.workflow_executions where execution_id = $1',
      [id],
    );
    expect(view.rows).toEqual([{ status: 'success', error_code: null }]);
  });

  it("Temporal shows our names: the definition's name, the executor's, the task's path and title", async () => {
    const { status, body } = await weft.developer('POST', '/executions?wait=30s', claim(100));
    expect({ status, body }).toMatchObject({ status: 200, body: { status: 'success', output: { paid: true } } });
    const handle = temporal.workflow.getHandle(body.id);
    expect((await handle.describe()).type).toBe('expense-claim');
    const { events } = await handle.fetchHistory();
    const scheduled = (events ?? []).flatMap((event) => event.activityTaskScheduledEventAttributes ?? []);
    expect(scheduled.map(({ activityId, activityType }) => [activityId, activityType?.name])).toEqual([
      ['/check', 'http'],
      ['/pay', 'http'],
    ]);
  });

  it('two concurrent decisions: one wins, the other is told who and when', async () => {
    const { body } = await weft.developer('POST', '/executions', claim(800));
    const approval = await openApproval(body.id);
    const answers = await Promise.all(
      ['approve', 'reject'].map((decision) => weft.manager('POST', `/approvals/${approval.id}/decision`, { decision })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    const loser = answers.find(({ status }) => status === 409);
    expect(loser?.body).toMatchObject({ code: expect.stringMatching(/ALREADY_DECIDED|CONFLICT/) });
    const late = await weft.manager('POST', `/approvals/${approval.id}/decision`, { decision: 'approve' });
    expect(late).toMatchObject({
      status: 409,
      body: { code: 'ALREADY_DECIDED', decidedBy: 'manager', decidedAt: expect.any(String) },
    });
  });

  it('ten concurrent starts with one Idempotency-Key make one execution', async () => {
    const answers = await Promise.all(
      Array.from({ length: 10 }, () =>
        weft.developer(
          'POST',
          '/executions',
          { workflow: 'hello', input: { name: 'Ada' } },
          { 'idempotency-key': 'once' },
        ),
      ),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    const { rows } = await database.query(
      "select count(*)::int as n from weft.workflow_executions e join weft.workflows w on w.id = e.workflow_id where w.name = 'hello'",
    );
    expect(rows).toEqual([{ n: 1 }]);
  });

  it('hello', async () => {
    expect(await weft.run('hello', { name: 'Ada' })).toMatchObject({
      status: 'success',
      output: expect.stringContaining('Ada'),
    });
  });

  it('retry: the attempts are rows', async () => {
    const execution = await weft.run('retry', {});
    expect(execution).toMatchObject({ status: 'success' });
    const { rows } = await database.query(
      'select attempt, status, error_code from weft.task_attempts where execution_id = $1 order by attempt',
      [execution.id],
    );
    expect(rows).toEqual([
      { attempt: 1, status: 'failed', error_code: 'FLAKY' },
      { attempt: 2, status: 'failed', error_code: 'FLAKY' },
      { attempt: 3, status: 'success', error_code: null },
    ]);
    const task = (await weft.developer('GET', `/executions/${execution.id}/tasks`)).body.items.find(
      (item: any) => item.executor === 'flaky',
    );
    expect(task).toMatchObject({ status: 'success', retryCount: 2, attempt: 3 });
  });

  it('parallel-map', async () => {
    expect(await weft.run('parallel-map', { numbers: [1, 2, 3] })).toMatchObject({ status: 'success' });
  });

  it('http-and-condition', async () => {
    expect(await weft.run('http-and-condition', { url: `${provider.url}/status` })).toMatchObject({
      status: 'success',
    });
  });
});
