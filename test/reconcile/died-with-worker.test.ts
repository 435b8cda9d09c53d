import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineExecutor } from '../../activities/define-executor.ts';
import { approvalId } from '../../src/ids.ts';
import { decideApproval } from '../../src/operations/decide-approval.ts';
import { pauseExecution } from '../../src/operations/pause-execution.ts';
import type { Reconciler } from '../../src/reconcile/index.ts';
import type { Stack } from './stack.ts';
import { createStack, manager, poll } from './stack.ts';

const ASKING = 'tasks:\n  - { id: ask, type: approval, title: May I, assignees: [manager] }\n';
/** Nothing follows from the end of the first two calls but what the mirror is told, and the local work after one of them. */
const BESIDE = `
tasks:
  - id: all
    type: parallel
    branches:
      a: [{ id: first, type: executor, executor: nap, with: { ms: 700 } }]
      b: [{ id: second, type: executor, executor: nap, with: { ms: 1400 } }, { id: note, type: set, vars: { x: 1 } }]
      c: [{ id: rest, type: wait, for: 6s }]
`;
/** Two that wait at the gate, at different depths. */
const HELD = `
tasks:
  - id: all
    type: parallel
    branches:
      a:
        - { id: deep, type: foreach, items: [1], tasks: [{ id: first, type: executor, executor: nap, with: { ms: 900 } }] }
        - { id: third, type: executor, executor: nap, with: { ms: 1 } }
      b: [{ id: second, type: executor, executor: nap, with: { ms: 1400 } }, { id: fourth, type: executor, executor: nap, with: { ms: 1 } }]
`;
const LOCAL = 'tasks:\n  - { id: double, type: executor, executor: transform, with: { value: 2 } }\n';

const nap = defineExecutor({
  ...{ name: 'nap', description: '', input: z.object({ ms: z.number() }) },
  run: ({ input }) => sleep(input.ms, null),
});

describe('what a worker had to write when it was killed', () => {
  let stack: Stack;
  let stopWorker: () => Promise<void>;
  let reconciler: Reconciler;

  beforeAll(async () => {
    stack = await createStack([nap]);
    await stack.save('asking', ASKING);
    await stack.save('local', LOCAL);
    await stack.save('beside', BESIDE);
    await stack.save('held', HELD);
    reconciler = stack.reconcile();
    stopWorker = await stack.work();
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

  it('a pause that another worker takes up holds back nothing that has been done before', async () => {
    const id = await stack.start('beside');
    const note = (): Promise<Record<string, unknown>[]> =>
      stack.rows(`select end_time from task_executions where execution_id = '${id}' and path = '/all/b/note'`);
    await poll(note, ([row]) => row?.['end_time'] != null);
    // The mirror is told before Temporal.
    await sleep(500);
    await stopWorker();
    stopWorker = await stack.work();
    const request = { id, reason: null };
    expect(await pauseExecution(stack, manager, { ...request, action: 'pause' })).toBe('paused');
    const pausedAt = Date.now();
    await stack.until(id, ({ status }) => status === 'paused');
    await sleep(1_000);
    expect(await pauseExecution(stack, manager, { ...request, action: 'resume' })).toBe('running');
    expect(await stack.until(id, ({ confirmed }) => confirmed)).toMatchObject({ status: 'success' });
    const [told] = await note();
    expect(told).toMatchObject({ end_time: expect.toSatisfy((at: Date) => at.getTime() < pausedAt) });
  });

  it('a resume that another worker takes up lets tasks go on in the order of a replay', async () => {
    const id = await stack.start('held');
    await stack.until(id, ({ status }) => status === 'running');
    const request = { id, reason: null };
    expect(await pauseExecution(stack, manager, { ...request, action: 'pause' })).toBe('paused');
    const ends = (): Promise<unknown[]> =>
      stack.rows(
        `select from task_executions where execution_id = '${id}' and executor = 'nap' and status = 'success'`,
      );
    await poll(ends, (rows) => rows.length === 2);
    // The mirror is told before Temporal.
    await sleep(500);
    await stopWorker();
    stopWorker = await stack.work();
    expect(await pauseExecution(stack, manager, { ...request, action: 'resume' })).toBe('running');
    expect(await stack.until(id, ({ confirmed }) => confirmed)).toMatchObject({ status: 'success' });
    expect(await reconciler.verify('default', id)).toMatchObject({ agrees: true, differences: [] });
  });

  it('a pause that Temporal lost after the mirror was told is put right by sending either again', async () => {
    const id = await stack.start('asking');
    const pausedBy = (): Promise<unknown[]> =>
      stack.rows(`select paused_by from workflow_executions where id = '${id}'`);
    await stack.until(id, ({ status }) => status === 'running');
    await sleep(500);
    await stack.rows(`update workflow_executions set status = 'paused', paused_by = 'manager' where id = '${id}'`);
    expect(await pauseExecution(stack, manager, { id, reason: null, action: 'resume' })).toBe('running');
    await poll(pausedBy, (rows) => isDeepStrictEqual(rows, [{ paused_by: null }]));
    expect(await stack.read(id)).toMatchObject({ status: 'running' });
    await stack.outside.getHandle(id).terminate('enough');
  });
});
