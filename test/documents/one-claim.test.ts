import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { markdownTable } from './markdown-table.ts';
import type { Claims } from './run-claims.ts';
import { runClaims } from './run-claims.ts';

type Row = { readonly [column: string]: unknown };

/** Each document's own words for when it began, when it ended and how long it took. */
const TIMES: { readonly [schema: string]: readonly [string, string, string?] } = {
  engine: ['start_time', 'end_time'],
  stratix: ['started_at', 'completed_at'],
  workflow_db: ['started_at', 'completed_at', 'execution_time_ms'],
  ipa: ['started_at', 'completed_at', 'duration_ms'],
  gaia: ['start_time', 'end_time', 'execution_duration'],
};
const FOLDER = join(import.meta.dirname, 'one-claim');
let claims: Claims;
let client: Client;

beforeAll(async () => {
  claims = await runClaims('weft_test_one_claim');
  client = new Client({ connectionString: claims.url });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await claims.stop();
});

async function read(schema: string, name: string): Promise<readonly Row[]> {
  const [path, query] = readFileSync(join(FOLDER, `${schema}.sql`), 'utf8').split(';\n\n');
  await client.query(path!);
  const { rows } = await client.query<Row>(query!, [claims.id(name)]);
  return rows.map((row) =>
    Object.fromEntries(Object.entries(row).map(([column, value]) => [column, claims.named(value)])),
  );
}
const column = (rows: readonly Row[], name: string) => rows.map((row) => row[name]);

describe('a claim that was approved and paid', () => {
  it.each(Object.keys(TIMES))('in the words of %s, as docs/schema.md shows it', async (schema) => {
    await expect(markdownTable(await read(schema, 'claim-paid'))).toMatchFileSnapshot(join(FOLDER, `${schema}.md`));
  });

  it.each(Object.entries(TIMES))('has the same times in %s as in the API', async (schema, [start, end, duration]) => {
    const { body } = await claims.weft.developer('GET', `/executions/${claims.id('claim-paid')}`);
    const row = (await read(schema, 'claim-paid'))[0]!;
    expect(row[start]).toEqual(new Date(body.startedAt));
    expect(row[end]).toEqual(new Date(body.endedAt));
    if (duration !== undefined) expect(Number(row[duration])).toBe(body.durationMs);
  });

  it('engine: a version, its status, its tasks', async () => {
    const rows = await read('engine', 'claim-paid');
    expect(rows[0]).toMatchObject({ name: 'expense-claim', version: '1', status: 'success', error_code: null });
    expect(column(rows, 'task_id')).toEqual(['check', 'manager', 'pay', 'route']);
    expect(new Set(column(rows, 'task_status'))).toEqual(new Set(['success']));
  });

  it('stratix: an instance, its output, its tasks by type, its history', async () => {
    const rows = await read('stratix', 'claim-paid');
    expect(rows[0]).toMatchObject({
      name: 'expense-claim',
      version: '1',
      status: 'completed',
      correlation_id: 'batch-001',
      output_data: { paid: true, receipt: 'receipt-claim-paid/pay' },
      events: 'workflow_started, workflow_completed',
    });
    expect(column(rows, 'task_id')).toEqual(['check', 'route', 'manager', 'pay']);
    expect(column(rows, 'task_type')).toEqual(['executor', 'condition', 'executor', 'executor']);
    expect(new Set(column(rows, 'task_status'))).toEqual(new Set(['completed']));
  });

  it('workflow_db: nodes', async () => {
    const rows = await read('workflow_db', 'claim-paid');
    const execution = { name: 'Expense claim', version: 1, status: 'completed', error: null };
    expect(rows[0]).toMatchObject({ ...execution, total_nodes: 5, completed_nodes: 5 });
    expect(column(rows, 'node_status')).toEqual(['completed', 'completed', 'completed', 'completed']);
  });

  it('ipa: steps by name and type', async () => {
    const rows = await read('ipa', 'claim-paid');
    const execution = { name: 'Expense claim', version_number: 1, status: 'completed', error_message: null };
    expect(rows[0]).toMatchObject(execution);
    expect(rows.map(({ step_name, step_type, step_status }) => [step_name, step_type, step_status])).toEqual([
      ['Ask the policy who approves', 'webhook', 'completed'],
      ['Over 500?', 'condition', 'completed'],
      ['Claim of Ada over 700', 'approval', 'completed'],
      ['Pay it', 'webhook', 'completed'],
    ]);
  });

  it('gaia: a line of the log, with its output as text', async () => {
    const [row, ...more] = await read('gaia', 'claim-paid');
    expect(more).toEqual([]);
    const version = {
      workflow_code: 'expense-claim',
      workflow_name: 'Expense claim',
      version_number: '1',
      is_current: 1,
    };
    expect(row).toMatchObject({ ...version, status: 'success', error_message: null });
    expect(JSON.parse(String(row?.['output_params']))).toEqual({ paid: true, receipt: 'receipt-claim-paid/pay' });
  });
});

describe('a claim that waits for its manager', () => {
  it.each(Object.keys(TIMES))('runs, in %s', async (schema) => {
    const [start, end] = TIMES[schema]!;
    const row = (await read(schema, 'claim-waiting'))[0]!;
    expect(row).toMatchObject({ status: 'running', [end]: null });
    expect(row[start]).toBeInstanceOf(Date);
  });

  it('and its step too', async () => {
    expect(column(await read('ipa', 'claim-waiting'), 'step_status')).toEqual(['completed', 'running', 'running']);
    expect(column(await read('engine', 'claim-waiting'), 'task_status')).toEqual(['success', 'running', 'running']);
  });
});

describe('an execution that failed', () => {
  it.each([
    ['engine', { status: 'failed', error_code: 'OUT_OF_STOCK', error_detail: 'Nothing is left' }],
    ['stratix', { status: 'failed', output_data: null, events: 'workflow_started, workflow_failed' }],
    ['workflow_db', { status: 'failed', error: { code: 'OUT_OF_STOCK', detail: 'Nothing is left', task: '/refuse' } }],
    ['ipa', { status: 'failed', error_message: 'OUT_OF_STOCK: Nothing is left' }],
    ['gaia', { status: 'failed', error_message: expect.stringContaining('OUT_OF_STOCK') }],
  ] as const)('says why, in %s', async (schema, expected) => {
    expect((await read(schema, 'broken'))[0]).toMatchObject(expected);
  });

  it('and which task', async () => {
    expect((await read('engine', 'broken')).map(({ task_id, task_status }) => [task_id, task_status])).toEqual([
      ['look', 'success'],
      ['refuse', 'failed'],
    ]);
    expect(column(await read('stratix', 'broken'), 'task_status')).toEqual(['completed', 'failed']);
    expect(column(await read('workflow_db', 'broken'), 'node_status')).toEqual(['completed', 'failed']);
    expect(column(await read('ipa', 'broken'), 'step_status')).toEqual(['completed', 'failed']);
  });
});

describe('an execution whose task was tried three times', () => {
  it('counts and logs them', async () => {
    expect((await read('engine', 'retried'))[0]).toMatchObject({ status: 'success', task_id: 'work', retry_count: 2 });
    expect((await read('stratix', 'retried'))[0]).toMatchObject({
      status: 'completed',
      events: 'workflow_started, task_retry, task_retry, workflow_completed',
    });
    expect((await read('ipa', 'retried'))[0]).toMatchObject({
      status: 'completed',
      retry_count: 2,
      logs: 'info: attempt 1 of 3, info: attempt 2 of 3, info: attempt 3 of 3',
    });
    expect((await read('workflow_db', 'retried'))[0]).toMatchObject({ status: 'completed', node_status: 'completed' });
    expect((await read('gaia', 'retried'))[0]).toMatchObject({ status: 'success', output_params: expect.any(String) });
  });
});
