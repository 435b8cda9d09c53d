import { readFileSync } from 'node:fs';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Ledger } from '../stack/ledger.ts';
import { startLedger } from '../stack/ledger.ts';
import type { TestWeft } from '../stack/weft.ts';
import { startWeft } from '../stack/weft.ts';

const example = (name: string): string => readFileSync(`examples/${name}.json`, 'utf8');

describe('other dialects and templates, over HTTP', () => {
  let weft: TestWeft;
  let provider: Ledger;
  let database: Client;

  beforeAll(async () => {
    weft = await startWeft();
    provider = await startLedger(5);
    database = new Client({ connectionString: weft.superuserUrl });
    await database.connect();
    await weft.save(example('graph-claim'), 'graph-claim');
    await weft.save(example('steps-claim'), 'steps-claim');
  });
  afterAll(async () => {
    await database.end();
    await provider.close();
    await weft.stop();
  });

  const input = (amount: number) => ({
    amount,
    employee: 'Ada',
    policyUrl: `${provider.url}/policy`,
    payUrl: `${provider.url}/pay`,
  });
  const rowsOf = async (execution: string) => {
    const { rows } = await database.query(
      'select path, type, status, title from weft.task_executions where execution_id = $1 order by execution_order',
      [execution],
    );
    return rows.map(({ path, type, status, title }) => `${path} ${type} ${status} ${title}`);
  };

  async function approve(execution: string): Promise<void> {
    const approval = await weft.until('an approval is open', async () => {
      const { body } = await weft.manager('GET', '/approvals?status=open&assignee=me');
      return (body.items as { id: string; execution: string }[]).find((item) => item.execution === execution);
    });
    const answer = await weft.manager('POST', `/approvals/${approval.id}/decision`, { decision: 'approve' });
    expect(answer.status).toBe(200);
  }

  async function run(workflow: string, amount: number): Promise<any> {
    const { body } = await weft.developer('POST', '/executions', { workflow, input: input(amount) });
    if (amount > 500) await approve(body.id);
    return (await weft.developer('GET', `/executions/${body.id}?wait=30s`)).body;
  }

  it('a graph: over the limit people decide, and the other way is a row that was skipped', async () => {
    const ended = await run('graph-claim', 700);
    expect(ended).toMatchObject({
      status: 'success',
      output: { paid: true, receipt: `receipt-${ended.id}/pay`, approvedBy: 'manager' },
      progress: { total: 5, completed: 5 },
    });
    expect(await rowsOf(ended.id)).toEqual([
      '/check executor success Check the claim',
      '/node_2 condition success Over the limit?',
      '/manager approval success Claim of Ada over 700',
      '/auto set skipped By policy',
      '/pay executor success Pay',
    ]);
  });

  it('a graph: under it nobody is asked', async () => {
    const ended = await run('graph-claim', 100);
    expect(ended).toMatchObject({ status: 'success', output: { paid: true, approvedBy: 'policy' } });
    expect((await rowsOf(ended.id)).filter((row) => row.includes('skipped'))).toEqual([
      '/manager approval skipped Claim of Ada over 100',
    ]);
    expect(provider.calls.get(`${ended.id}/pay`)).toBe(1);
  });

  it('steps: in order, the approval only where its if says so', async () => {
    const ended = await run('steps-claim', 700);
    expect(ended).toMatchObject({ status: 'success', output: { paid: true, receipt: `receipt-${ended.id}/pay` } });
    expect(await rowsOf(ended.id)).toEqual([
      '/check_the_claim executor success Check the claim',
      '/manager approval success Claim of Ada over 700',
      '/pay executor success Pay',
    ]);
    expect(await rowsOf((await run('steps-claim', 100)).id)).toContain(
      '/manager approval skipped Claim of Ada over 100',
    );
  });

  it('a template: saved, instantiated, run', async () => {
    const body = JSON.parse(example('graph-claim').replace('> 500', '> {{ limit }}'));
    const parameters = { type: 'object', properties: { limit: { type: 'number', default: 500 } } };
    const saved = await weft.developer('PUT', '/templates/claim', { name: 'Claim', body, parameters });
    expect(saved.status).toBe(201);
    const made = await weft.developer('POST', '/templates/claim/instantiate', {
      name: 'claim-of-50',
      parameters: { limit: 50 },
    });
    expect(made).toMatchObject({ status: 201, body: { workflow: 'claim-of-50', version: '1' } });
    const { body: started } = await weft.developer('POST', '/executions', {
      workflow: 'claim-of-50',
      input: input(60),
    });
    await approve(started.id);
    expect((await weft.developer('GET', `/executions/${started.id}?wait=30s`)).body).toMatchObject({
      status: 'success',
      output: { approvedBy: 'manager' },
    });
  });
});
