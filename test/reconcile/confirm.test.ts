import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { approvalId } from '../../src/ids.ts';
import { claimApproval, decideApproval } from '../../src/operations/decide-approval.ts';
import { createWriter } from '../../src/mirror/writer.ts';
import { confirmTold } from '../../src/reconcile/confirm-told.ts';
import { confirmExecution } from '../../src/reconcile/confirm.ts';
import { createReplayer } from '../../src/reconcile/replayer.ts';
import { ask } from '../migrations/catalog.ts';
import { confirmAlone } from './confirm-alone.ts';
import type { Stack } from './stack.ts';
import { createStack, manager, poll } from './stack.ts';

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

const TASKS = `select task_id, status, length(result::text) as size from weft.task_executions
  where execution_id = $1 order by task_id`;

describe('without a reconciler', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await createStack();
    await stack.work();
  });
  afterAll(() => stack.close());

  it.each<[string, string, string]>([
    ['many kinds of tasks', 'wide', WIDE],
    ['local tasks alone', 'local', 'tasks:\n  - { id: a, type: executor, executor: transform, with: { value: 1 } }\n'],
    ['a timer', 'timer', 'tasks:\n  - { id: nap, type: wait, for: 1s }\n  - { id: a, type: set, vars: { x: 1 } }\n'],
    ['a failure', 'failure', 'tasks:\n  - { id: a, type: fail, code: NO_MONEY, detail: None }\n'],
  ])('an end that agrees is confirmed without folding the history: %s', async (_, name, definition) => {
    await stack.save(name, definition);
    const id = await stack.start(name, { input: { items: [1, 2] } });
    const before = await stack.until(id, ({ authority, endedAt }) => authority === 1 && endedAt !== null);
    expect(await foldsToConfirm(id)).toBe(0);
    const after = await stack.read(id);
    const same = { confirmed: true, authority: 2, mirroredAt: after.mirroredAt, writtenAt: after.writtenAt };
    expect(after).toEqual({ ...before, ...same });
  });

  it.each<[string, string, number]>([
    ['is confirmed as it was told', 'select 1', 0],
    [
      'is folded where a vote is from a workflow task of which Temporal has no trace',
      `update approval_votes set created_at = created_at - interval '5 ms' where approval_id = 'ID'`,
      1,
    ],
  ])('an approval %s', async (_, damage, folds) => {
    await stack.save('asks', 'tasks:\n  - { id: ask, type: approval, title: May I, assignees: [manager] }\n');
    const id = await stack.start('asks');
    const approval = approvalId(id, '/ask', 1);
    await poll(
      () => stack.rows(`select 1 from approvals where id = '${approval}' and authority = 1`),
      (rows) => rows.length === 1,
    );
    const vote = { id: approval, comment: null, data: undefined, channel: 'api' as const };
    await claimApproval(stack, manager, { id: approval, action: 'claim' });
    await decideApproval(stack, manager, { ...vote, decision: 'approve' });
    await stack.until(id, ({ authority, endedAt }) => authority === 1 && endedAt !== null);
    await stack.rows(damage.replace('ID', approval));
    expect(await foldsToConfirm(id)).toBe(folds);
  });

  it.each<[string, string, number]>([
    ['as it was told', 'select 1', 0],
    [
      'by folding where it was told by a workflow task that Temporal refused',
      `update workflow_executions set (start_time, end_time) = (start_time - interval '50 ms', end_time - interval '50 ms')
        where id = 'ID'`,
      1,
    ],
  ])('a child that has told its parent is confirmed %s', async (_, damage, folds) => {
    await stack.save('short', 'tasks:\n  - { id: a, type: executor, executor: transform, with: { value: 1 } }\n');
    await stack.save('family', 'tasks:\n  - { id: child, type: sub_workflow, workflow: short, input: {} }\n');
    const parent = await stack.start('family');
    await stack.until(parent, ({ endedAt }) => endedAt !== null);
    const [child] = await stack.rows(`select id from workflow_executions where parent_execution_id = '${parent}'`);
    const id = child!.id as string;
    await stack.rows(damage.replace('ID', id));
    expect(await foldsToConfirm(id)).toBe(folds);
  });

  /** Confirms an execution that has ended, and counts the histories that are folded for it. */
  async function foldsToConfirm(id: string): Promise<number> {
    await poll(
      () => stack.temporal.describe(id),
      (run) => run?.closeTime != null,
    );
    let folds = 0;
    const replay = () => {
      folds++;
      return Promise.resolve([]);
    };
    const parts = { ...stack, replayer: { replay, close: () => Promise.resolve() }, lookAgain: () => undefined };
    const writer = createWriter(stack.database);
    expect(await confirmExecution({ ...parts, writer }, { tenant: 'default', id })).toBe('confirmed');
    await writer.close();
    return folds;
  }

  it('what hangs on an end is on disk before the end is told', async () => {
    await ask(
      stack.superuserUrl,
      `create table committed (how text);
       create function note_commit() returns trigger language plpgsql security definer as $$ begin
         insert into public.committed values (current_setting('synchronous_commit')); return null; end $$;
       create trigger note_commit after insert or update on weft.mirror_cursors
         for each row execute function note_commit()`,
    );
    await stack.save('short', 'tasks:\n  - { id: a, type: set, vars: { x: 1 } }\n');
    const id = await stack.start('short');
    await stack.until(id, ({ endedAt }) => endedAt !== null);
    await confirmAlone(stack, id);
    expect(await ask(stack.superuserUrl, 'select distinct how from public.committed')).toEqual([{ how: 'on' }]);
  });

  it('together: what the mirror has otherwise is left to be looked at alone', async () => {
    await stack.save('short', 'tasks:\n  - { id: a, type: set, vars: { x: 1 } }\n');
    const [right, wrong] = await Promise.all([stack.start('short'), stack.start('short')]);
    for (const id of [right, wrong]) await stack.until(id, ({ endedAt }) => endedAt !== null);
    const runs = await poll(
      async () =>
        (await stack.temporal.listChanged(new Date(0))).filter(({ workflowId }) => [right, wrong].includes(workflowId)),
      (listed) => listed.length === 2 && listed.every(({ isOpen }) => !isOpen),
    );
    // As a workflow task told it that Temporal refused.
    await stack.rows(`update workflow_executions set (start_time, end_time) = (start_time - interval '5 ms', end_time - interval '5 ms')
      where id = '${wrong}'`);
    const [replayer, writer] = [createReplayer(stack.log), createWriter(stack.database)];
    const told = await confirmTold({ ...stack, replayer, writer, lookAgain: () => undefined }, runs);
    await Promise.all([writer.close(), replayer.close()]);
    expect([...told]).toEqual(runs.filter(({ workflowId }) => workflowId === right).map(({ runId }) => runId));
    expect(await stack.read(wrong)).toMatchObject({ confirmed: false });
  });

  it('a fold of more facts than the writer has room for is confirmed', async () => {
    const definition = `
tasks:
  - { id: each, type: foreach, items: "{% [1..800] %}", collect: none, tasks: [{ id: a, type: set, vars: { x: 1 } }] }
  - { id: nap, type: wait, for: 1h }
`;
    await stack.save('large', definition);
    const id = await stack.start('large', {});
    await stack.until(id, (execution) => JSON.stringify(execution.currentTasks).includes('/nap'));
    await stack.outside.getHandle(id).terminate();
    const replayer = createReplayer(stack.log);
    const writer = createWriter(stack.database, { maxFacts: 1_200 });
    const parts = { ...stack, replayer, writer, lookAgain: () => undefined };
    expect(await confirmExecution(parts, { tenant: 'default', id })).toBe('confirmed');
    await Promise.all([writer.close(), replayer.close()]);
    expect(await stack.read(id)).toMatchObject({ status: 'cancelled', authority: 2 });
  });

  it('large values, which stand in no history, are folded', async () => {
    const large = '{% [1..30].$pad("", 70000, "x") %}';
    await stack.save(
      'values',
      `
tasks:
  - { id: quick, type: executor, executor: transform, with: { value: '${large}' } }
  - { id: slow, type: executor, executor: transform, local: false, with: { value: '{% $tasks.quick.output %}' } }
output: '{% $tasks.slow.output %}'
`,
    );
    const id = await stack.start('values', {});
    const { startedAt } = await stack.until(id, ({ authority }) => authority === 1);
    const { historySize } = await poll(
      async () => (await stack.outside.getHandle(id).describe()) as { closeTime?: Date; historySize: number },
      ({ closeTime }) => closeTime !== undefined,
    );
    expect(historySize).toBeLessThan(20_000);
    const told = await ask(stack.superuserUrl, TASKS, [id]);
    expect(told.map(({ size }) => size)).toEqual([2_100_120, 2_100_120]);
    // As if the worker had told nothing: all of it is taken from the history.
    await ask(stack.superuserUrl, 'delete from weft.task_executions where execution_id = $1', [id]);
    await ask(
      stack.superuserUrl,
      "update weft.workflow_executions set authority = 0, status = 'running', end_time = null, output = null where id = $1",
      [id],
    );
    const replayer = createReplayer(stack.log);
    const writer = createWriter(stack.database);
    const parts = { ...stack, replayer, writer, lookAgain: () => undefined };
    expect(await confirmExecution(parts, { tenant: 'default', id })).toBe('confirmed');
    await Promise.all([writer.close(), replayer.close()]);
    expect(await ask(stack.superuserUrl, TASKS, [id])).toEqual(told);
    expect(await stack.read(id)).toMatchObject({ status: 'success', startedAt, confirmed: true });
    const [row] = await ask(
      stack.superuserUrl,
      'select length(output::text) as size from weft.workflow_executions where id = $1',
      [id],
    );
    expect(row).toEqual({ size: 2_100_120 });
  });
});
