import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { approvalId } from '../../src/ids.ts';
import { decideApproval } from '../../src/operations/decide-approval.ts';
import type { Stack } from './stack.ts';
import { createStack, manager, poll } from './stack.ts';

const ASKING = 'tasks:\n  - { id: ask, type: approval, title: May I, assignees: [manager] }\n';
const LOCAL = 'tasks:\n  - { id: double, type: executor, executor: transform, with: { value: 2 } }\n';

describe('what a worker had to write when it was killed', () => {
  let stack: Stack;

  beforeAll(async () => {
    stack = await createStack();
    await stack.save('asking', ASKING);
    await stack.save('local', LOCAL);
    stack.reconcile();
    await stack.work();
  });
  afterAll(() => stack.close());

  it('of one that waits is told again: somebody can decide', async () => {
    const id = await stack.start('asking');
    const approvals = (): Promise<unknown[]> =>
      stack.rows(`select status from approvals where execution_id = '${id}' and authority = 1`);
    await poll(approvals, (rows) => rows.length === 1);
    await stack.rows(`delete from approvals where execution_id = '${id}'`);
    await stack.rows(`delete from task_executions where execution_id = '${id}'`);
    await poll(approvals, (rows) => rows.length === 1, 40_000);
    await stack.outside.getHandle(id).terminate('enough');
    await stack.until(id, ({ confirmed }) => confirmed);
  });

  it('of a vote that Temporal never had is taken back: somebody can decide anew', async () => {
    const id = await stack.start('asking');
    const approvals = (): Promise<unknown[]> =>
      stack.rows(`select status from approvals where execution_id = '${id}' and authority = 1`);
    await poll(approvals, (rows) => rows.length === 1);
    await stack.rows(
      `update approvals set status = 'approved', decided_by = 'manager', decided_at = now(), ord = ord + 9
         where execution_id = '${id}'`,
    );
    await stack.rows(
      `update task_executions set status = 'success', authority = 1, ord = ord + 9, end_time = now()
         where execution_id = '${id}' and path = '/ask'`,
    );
    await poll(approvals, (rows) => isDeepStrictEqual(rows, [{ status: 'open' }]), 40_000);
    expect(await stack.rows(`select status from task_executions where execution_id = '${id}'`)).toEqual([
      { status: 'waiting' },
    ]);
    await decideApproval(stack, manager, {
      ...{ id: approvalId(id, '/ask', 1), decision: 'approve', comment: null, channel: 'api', data: {} },
    });
    expect(await stack.until(id, ({ confirmed }) => confirmed)).toMatchObject({ status: 'success' });
    expect(await approvals()).toEqual([]);
  });

  it('of an attempt, of a task that the workflow told, is known from the history', async () => {
    const id = await stack.start('local');
    await stack.until(id, ({ confirmed }) => confirmed);
    await stack.rows(`delete from mirror_cursors where execution_id = '${id}'`);
    await stack.rows(`delete from task_attempts where execution_id = '${id}' and path = '/double'`);
    await stack.rows(
      `update task_executions set authority = 1, ord = 1, attempt = 0 where execution_id = '${id}' and path = '/double'`,
    );
    await stack.rows(`update workflow_executions set authority = 1, ord = 50 where id = '${id}'`);
    await stack.until(id, ({ confirmed }) => confirmed);
    expect(
      await stack.rows(`select t.attempt, a.status from task_executions t
        join task_attempts a using (tenant_id, execution_id, path)
        where t.execution_id = '${id}' and t.path = '/double'`),
    ).toEqual([{ attempt: 1, status: 'success' }]);
  });
});
