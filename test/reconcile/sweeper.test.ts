import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { approvalId } from '../../src/ids.ts';
import { createLog } from '../../src/log.ts';
import { createWriter } from '../../src/mirror/writer.ts';
import { decideApproval } from '../../src/operations/decide-approval.ts';
import { closeRows } from '../../src/reconcile/close-rows.ts';
import { createReplayer } from '../../src/reconcile/replayer.ts';
import { createMirrorSweep } from '../../src/reconcile/sweep-mirror.ts';
import { createSweeper } from '../../src/reconcile/sweeper.ts';
import type { Stack } from './stack.ts';
import { createStack, developer, manager, poll } from './stack.ts';

const WIDE = `
tasks:
  - id: each
    type: foreach
    items: "{% $input.items %}"
    tasks:
      - { id: double, type: executor, executor: transform, with: { value: "{% $item * 2 %}" } }
      - { id: plus, type: executor, executor: transform, local: false, with: { value: "{% $tasks.double.output + 1 %}" } }
  - id: both
    type: parallel
    branches:
      left: [{ id: l, type: set, vars: { x: 1 } }]
      right: [{ id: r, type: set, if: "{% false %}", vars: { y: 1 } }]
  - { id: failing, type: fail, code: NO_MONEY, detail: None, onError: continue }
output: "{% $tasks.each.output %}"
`;

const ASKING = `
tasks:
  - id: both
    type: parallel
    branches:
      ask: [{ id: ask, type: approval, title: May I, assignees: [manager], form: { type: object, required: [why] } }]
      nap: [{ id: nap, type: wait, for: 1h }]
`;

const TASK_COLUMNS =
  'path, task_id, parent_path, item_index, type, executor, execution_order, status, result, error_code';

describe('the sweeper', () => {
  let stack: Stack;

  beforeAll(async () => {
    stack = await createStack();
    await stack.save('wide', WIDE);
    await stack.save('asking', ASKING);
    stack.reconcile();
    await stack.work();
  });
  afterAll(() => stack.close());

  const tasksOf = (id: string, columns = TASK_COLUMNS) =>
    stack.rows(`select ${columns} from task_executions where execution_id = '${id}' order by execution_order, path`);

  async function asking(): Promise<string> {
    const id = await stack.start('asking');
    const approval = approvalId(id, '/both/ask/ask', 1);
    await poll(
      () => stack.rows(`select status from approvals where id = '${approval}' and authority = 1`),
      (rows) => rows.length === 1,
    );
    return id;
  }

  it.each<[string, (id: string) => Promise<unknown>, object]>([
    [
      'terminated',
      (id) => stack.outside.getHandle(id).terminate('by hand'),
      { status: 'cancelled', errorCode: 'TERMINATED', errorDetail: 'by hand' },
    ],
    ['cancelled', (id) => stack.outside.getHandle(id).cancel(), { status: 'cancelled', errorCode: 'CANCELLED' }],
  ])('%s in the Temporal UI: shows within 5 s, open tasks and approvals closed', async (name, act, expected) => {
    const id = await asking();
    const began = Date.now();
    await act(id);
    expect(await stack.until(id, ({ confirmed }) => confirmed)).toMatchObject(expected);
    expect(Date.now() - began).toBeLessThan(5_000);
    const code = name === 'terminated' ? 'TERMINATED' : 'CANCELLED';
    expect(await tasksOf(id, 'path, status, error_code, authority')).toEqual(
      ['/both', '/both/ask/ask', '/both/nap/nap'].map((path) => ({
        path,
        status: 'cancelled',
        error_code: code,
        authority: 2,
      })),
    );
    expect(
      await stack.rows(`select status, decided_by, authority from approvals where execution_id = '${id}'`),
    ).toEqual([{ status: 'cancelled', decided_by: 'system', authority: 2 }]);
  });

  it('confirms what the workflow told as it is', async () => {
    const id = await stack.start('wide', { input: { items: [1, 2, 3] } });
    const execution = await stack.until(id, ({ confirmed }) => confirmed);
    expect(execution).toMatchObject({ status: 'success', output: [3, 5, 7], completedTasks: 5, totalTasks: 5 });
    const tasks = await tasksOf(id, 'path, status, authority, local');
    expect(tasks.filter(({ authority }) => authority !== 2)).toEqual([]);
    expect(tasks).toHaveLength(11);
    expect(await stack.rows(`select run_no, closed from mirror_cursors where execution_id = '${id}'`)).toEqual([
      { run_no: 1, closed: true },
    ]);
  });

  const forget = "update workflow_executions set authority = 0, ord = 0 where id = 'ID'";
  it.each<[string, readonly string[]]>([
    [
      'the end',
      [forget, "update workflow_executions set status = 'running', end_time = null, output = null where id = 'ID'"],
    ],
    ['every task', [forget, "delete from task_executions where execution_id = 'ID'"]],
    [
      'what each task came to',
      [
        forget,
        `update task_executions set status = 'running', authority = 0, ord = 0, end_time = null, result = null,
          error_code = null, field_orders = null where execution_id = 'ID'`,
      ],
    ],
    [
      'told by a workflow task that Temporal refused',
      [
        "update workflow_executions set authority = 1, ord = 50, end_time = end_time - interval '5 ms' where id = 'ID'",
        "update task_executions set authority = 1, ord = 40, status = 'failed', error_code = 'X' where execution_id = 'ID' and path = '/both'",
      ],
    ],
  ])('what the mirror lost is folded from the history: %s', async (_, damage) => {
    const id = await stack.start('wide', { input: { items: [1, 2, 3] } });
    await stack.until(id, ({ confirmed }) => confirmed);
    const whole = await tasksOf(id);
    await stack.rows(`delete from mirror_cursors where execution_id = '${id}'`);
    for (const statement of damage) await stack.rows(statement.replace('ID', id));
    const end = await stack.until(id, ({ confirmed }) => confirmed);
    expect(end).toMatchObject({ status: 'success', output: [3, 5, 7], errorCode: null, completedTasks: 5 });
    expect(await tasksOf(id)).toEqual(whole);
  });

  it('a vote of a workflow task that Temporal refused, as it was terminated meanwhile, is gone', async () => {
    const id = await asking();
    await stack.rows(`insert into approval_votes (tenant_id, approval_id, voter_id, decision)
      values ('default', '${approvalId(id, '/both/ask/ask', 1)}', 'manager', 'approve')`);
    await stack.outside.getHandle(id).terminate('by hand');
    await stack.until(id, ({ confirmed }) => confirmed);
    expect(await stack.rows(`select 1 from approval_votes where approval_id like '%${id}%'`)).toEqual([]);
  });

  it('what a worker brings in after the end is closed too', async () => {
    const id = await asking();
    await stack.outside.getHandle(id).terminate('by hand');
    const { runId } = await stack.until(id, ({ confirmed }) => confirmed);
    await stack.rows(`insert into task_executions (tenant_id, execution_id, path, task_id, type, status, start_time)
      values ('default', '${id}', '/late', 'late', 'executor', 'running', now())`);
    const end = { tenant: 'default', executionId: id, runId: runId ?? '', runNumber: 1, epoch: 0, lastEventId: 9 };
    const leftOver = { code: 'TERMINATED', detail: 'by hand' };
    await closeRows(stack.database, [{ ...end, closedAt: new Date().toISOString(), leftOver, isFolded: false }]);
    expect(await tasksOf(id, 'path, status, error_code')).toContainEqual({
      path: '/late',
      status: 'cancelled',
      error_code: 'TERMINATED',
    });
  });

  it('a decision that the mirror lost comes back with its votes', async () => {
    const id = await asking();
    const approval = approvalId(id, '/both/ask/ask', 1);
    const decision = { id: approval, decision: 'approve' as const, comment: 'fine', channel: 'api' as const };
    await expect(decideApproval(stack, manager, { ...decision, data: {} })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      errors: [{ code: expect.any(String) }],
    });
    await expect(decideApproval(stack, developer, { ...decision, data: { why: 1 } })).rejects.toMatchObject({
      code: 'FORBIDDEN',
    });
    expect(await decideApproval(stack, manager, { ...decision, data: { why: 1 } })).toMatchObject({
      status: 'approved',
      decidedBy: 'manager',
      votes: [{ user: 'manager', comment: 'fine' }],
    });
    await stack.rows(`delete from approvals where execution_id = '${id}'`);
    await stack.outside.getHandle(id).terminate('by hand');
    await stack.until(id, ({ confirmed }) => confirmed);
    expect(
      await stack.rows(
        `select a.status, a.decided_by, v.voter_id, v.comment from approvals a join approval_votes v on v.approval_id = a.id where a.execution_id = '${id}'`,
      ),
    ).toEqual([{ status: 'approved', decided_by: 'manager', voter_id: 'manager', comment: 'fine' }]);
    await expect(decideApproval(stack, manager, { ...decision, data: { why: 1 } })).rejects.toMatchObject({
      code: 'ALREADY_DECIDED',
      extra: { decidedBy: 'manager', decidedAt: expect.any(String) },
    });
  });

  it('one that Temporal has forgotten is reported lost, not confirmed', async () => {
    const id = await asking();
    const other = randomUUID();
    await stack.rows(`insert into workflow_executions (tenant_id, id, root_execution_id, workflow_id, definition_id, engine_version, status, temporal_run_id, ord, authority, created_at)
      select tenant_id, '${other}', '${other}', workflow_id, definition_id, 1, 'running', 'gone', 3, 1, now() - interval '1 minute' from workflow_executions where id = '${id}'`);
    const log = createLog({ name: 'test', level: 'silent' });
    const parts = {
      ...stack,
      log,
      writer: createWriter(stack.database),
      replayer: createReplayer(log),
      lookAgain: () => undefined,
    };
    await createMirrorSweep(parts, { lostAfterMs: 0 })();
    expect(await stack.read(other)).toMatchObject({ status: 'failed', errorCode: 'LOST', confirmed: false });
    expect((await stack.read(id)).status).toBe('running');
  });

  it('lets PostgreSQL know how large the tables of a new database have become', async () => {
    await stack.rows(`insert into workflow_executions (tenant_id, id, status, authority, end_time)
      select 'default', 'old-' || n, 'success', 2, now() from generate_series(1, 1_000) n`);
    const known = await poll(
      () => stack.rows(`select relpages from pg_class where oid = 'weft.workflow_executions'::regclass`),
      ([row]) => Number(row?.['relpages']) > 16,
    );
    expect(known).toHaveLength(1);
  });
});

describe('two sweepers', () => {
  let stack: Stack;
  beforeAll(async () => (stack = await createStack()));
  afterAll(() => stack.close());

  it('one works; the other takes over when it stops, or dies', async () => {
    const parts = {
      ...stack,
      writer: createWriter(stack.database),
      replayer: createReplayer(stack.log),
      lookAgain: () => undefined,
    };
    const newSweeper = () => createSweeper({ ...parts, inherit: () => Promise.resolve() });
    const [first, second, third] = [newSweeper(), newSweeper(), newSweeper()];
    expect(await first.sweep()).toMatchObject({ isMine: true });
    expect(await second.sweep()).toMatchObject({ isMine: false });
    expect(await first.sweep()).toMatchObject({ isMine: true });
    await first.release();
    expect(await second.sweep()).toMatchObject({ isMine: true });
    expect(await first.sweep()).toMatchObject({ isMine: false });
    // By PostgreSQL's clock, whatever this process's says.
    await stack.rows("update leases set expires_at = now() - interval '1 second'");
    const taken = await Promise.all([first.sweep(), third.sweep()]);
    expect(taken.filter(({ isMine }) => isMine)).toHaveLength(1);
    await parts.writer.close();
  });
});
