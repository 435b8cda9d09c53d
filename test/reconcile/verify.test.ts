/** What Temporal's histories say against what the mirror holds; and what makes the second the first again. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineExecutor } from '../../activities/define-executor.ts';
import type { Reconciler } from '../../src/reconcile/index.ts';
import { approvalId } from '../../src/ids.ts';
import { decideApproval } from '../../src/operations/decide-approval.ts';
import { createWriter } from '../../src/mirror/writer.ts';
import { reopen } from '../../src/reconcile/reopen.ts';
import { repairExecution } from '../../src/reconcile/repair-execution.ts';
import type { Stack } from './stack.ts';
import { createStack, manager, poll } from './stack.ts';

const WHOLE = `
vars: { n: 1 }
tasks:
  - { id: local, type: executor, executor: transform, with: { value: 1 } }
  - { id: normal, type: executor, executor: transform, local: false, with: { value: 2 } }
  - { id: shaped, type: executor, executor: transform, with: { value: 2 }, output: "{% $result + 1 %}" }
  - { id: no, type: executor, executor: transform, with: { value: 0 }, if: "{% false %}" }
  - id: caught
    type: try
    tasks: [{ id: bad, type: fail, code: BAD, detail: no }]
    catch: [{ errors: [BAD], tasks: [{ id: instead, type: set, vars: { n: 2 } }] }]
  - { id: each, type: foreach, items: [1, 2, 3], tasks: [{ id: one, type: executor, executor: transform, with: { value: "{% $item %}" } }] }
  - { id: soft, type: executor, executor: flaky, retry: { maxAttempts: 3, initialInterval: 50ms } }
  - { id: hard, type: executor, executor: broken, retry: { maxAttempts: 2, initialInterval: 50ms }, onError: continue }
output: "{% $tasks.shaped.output %}"
`;
const ASKING = `
tasks:
  - { id: before, type: executor, executor: transform, local: false, with: { value: 1 } }
  - { id: ask, type: approval, title: Well, assignees: [manager] }
  - { id: after, type: executor, executor: transform, local: false, with: { value: 2 } }
  - { id: again, type: approval, title: Well, assignees: [manager] }
`;

let tries = 0;
const flaky = defineExecutor({
  ...{ name: 'flaky', description: '', input: z.unknown() },
  run: () => (++tries % 2 === 1 ? Promise.reject(new Error('not yet')) : Promise.resolve('at last')),
});
const broken = defineExecutor({
  ...{ name: 'broken', description: '', input: z.unknown() },
  run: () => Promise.reject(new Error('never')),
});

let stack: Stack;
let reconciler: Reconciler;
beforeAll(async () => {
  stack = await createStack([flaky, broken]);
  await stack.save('whole', WHOLE);
  await stack.save('asking', ASKING);
  await stack.work();
  reconciler = stack.reconcile();
});
afterAll(() => stack.close());

const confirmed = (id: string) => stack.until(id, (execution) => execution.confirmed);
const verify = async (id: string) => {
  const found = await reconciler.verify('default', id);
  if (!found) throw new Error(`there is no ${id}`);
  return found;
};
async function decide(id: string, task: string): Promise<void> {
  const decision = {
    id: approvalId(id, task, 1),
    decision: 'approve' as const,
    comment: null,
    channel: 'api' as const,
  };
  await poll(
    () =>
      decideApproval(stack, manager, { ...decision, data: {} }).then(
        () => true,
        () => false,
      ),
    (isDone) => isDone,
  );
}
const waitsAt = (id: string, path: string) => stack.until(id, ({ currentTasks }) => currentTasks.includes(path));
const tasksOf = (id: string) =>
  stack.rows(`select path, status, result from weft.task_executions where execution_id = '${id}' order by path`);

describe('verify', () => {
  it('an execution that ended agrees, in every kind of row', async () => {
    const id = await stack.start('whole');
    expect(await confirmed(id)).toMatchObject({ status: 'success', output: 3 });
    expect(await verify(id)).toEqual({ id, state: 'ended', agrees: true, differences: [] });
  });

  it('one that waits, was decided, was terminated', async () => {
    const id = await stack.start('asking');
    await waitsAt(id, '/ask');
    expect(await verify(id)).toMatchObject({ state: 'open', agrees: true });
    await decide(id, '/ask');
    await waitsAt(id, '/again');
    expect(await verify(id)).toMatchObject({ state: 'open', agrees: true });
    await stack.outside.getHandle(id).terminate('by hand');
    await confirmed(id);
    expect(await verify(id)).toMatchObject({ state: 'ended', agrees: true });
  });

  it('a history that does not replay here takes nothing out of the mirror', async () => {
    const id = await stack.start('asking');
    await waitsAt(id, '/ask');
    const before = await tasksOf(id);
    const replayer = { replay: () => Promise.reject(new Error('another build')), close: () => Promise.resolve() };
    const writer = createWriter(stack.database);
    const parts = { ...stack, replayer, writer, lookAgain: () => undefined };
    const repair = await repairExecution(parts, { tenant: 'default', id });
    expect(repair?.after).toMatchObject({ state: 'open', agrees: false });
    expect(await tasksOf(id)).toEqual(before);
    const { runId } = (await stack.temporal.describe(id))!;
    await reopen(parts, { tenant: 'default', id }, { runId, once: true });
    expect((await tasksOf(id)).map(({ path }) => path)).toEqual(before.map(({ path }) => path));
    await writer.close();
    await stack.outside.getHandle(id).terminate('enough');
  });

  it('neither has it', async () => {
    expect(await reconciler.verify('default', randomUUID())).toBeUndefined();
  });

  const DAMAGES: readonly (readonly [string, string, string])[] = [
    ['a status', "update weft.task_executions set status = 'failed' where path = '/local'", 'status'],
    ['a result', "update weft.task_executions set result = '42' where path = '/normal'", 'output'],
    ['an error', "update weft.task_executions set error_code = 'OTHER' where path = '/caught/bad'", 'error'],
    ['an attempt', "update weft.task_executions set attempt = 7 where path = '/soft'", 'attempt'],
    ['a row that is gone', "delete from weft.task_executions where path = '/each[1]/one'", 'status'],
    ['a row too many', "update weft.task_executions set path = '/made-up' where path = '/caught/instead'", 'status'],
    ['the output', "update weft.workflow_executions set output = '0'", 'output'],
    ['the end', "update weft.workflow_executions set status = 'failed', error_code = 'LOST'", 'status'],
    ['an attempt that is gone', "delete from weft.task_attempts where path = '/soft' and attempt = 1", 'attempts'],
  ];
  it.each(DAMAGES)('%s that is wrong is found, and put right', async (_, damage, field) => {
    const id = await stack.start('whole');
    await confirmed(id);
    const whole = await tasksOf(id);
    const column = damage.includes('workflow_executions') ? 'id' : 'execution_id';
    await stack.rows(`${damage}${damage.includes(' where ') ? ' and' : ' where'} ${column} = '${id}'`);
    const found = await verify(id);
    expect(found.agrees).toBe(false);
    expect(found.differences.map((difference) => difference.field)).toContain(field);
    const repaired = await reconciler.repair('default', id);
    expect(repaired?.after).toEqual({ id, state: 'ended', agrees: true, differences: [] });
    expect(await tasksOf(id)).toEqual(whole);
  });
});

describe('reset', () => {
  const reset = async (id: string, activity: string): Promise<string> => {
    const { runId } = await stack.outside.getHandle(id).describe();
    const workflowTaskFinishEventId = await taskAfter(id, activity);
    const { runId: fresh } = await stack.outside.workflowService.resetWorkflowExecution({
      namespace: stack.namespace,
      workflowExecution: { workflowId: id, runId },
      reason: 'by hand',
      requestId: randomUUID(),
      workflowTaskFinishEventId,
    });
    return fresh;
  };
  /** The end of the workflow task that comes after an activity. */
  async function taskAfter(id: string, activity: string) {
    const { events } = await stack.outside.getHandle(id).fetchHistory();
    const all = events ?? [];
    const scheduled = all.find((event) => event.activityTaskScheduledEventAttributes?.activityId === activity);
    const at = all.findIndex(
      (event) => String(event.activityTaskCompletedEventAttributes?.scheduledEventId) === String(scheduled?.eventId),
    );
    const task = all.slice(at).find((event) => event.workflowTaskCompletedEventAttributes);
    if (!task?.eventId) throw new Error(`nothing comes after ${activity}`);
    return task.eventId;
  }

  it.each([
    ['one that ended', true],
    ['one that waits', false],
  ])('%s: it is followed from there, what came after is gone, and its end is the new one', async (_, hasEnded) => {
    const id = await stack.start('asking');
    await waitsAt(id, '/ask');
    await decide(id, '/ask');
    await waitsAt(id, '/again');
    if (hasEnded) {
      await decide(id, '/again');
      await confirmed(id);
    }
    // Somebody finds it out later.
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    const fresh = await reset(id, '/before');
    const open = await stack.until(
      id,
      ({ status, currentTasks }) => status === 'running' && currentTasks[0] === '/ask',
    );
    expect(open).toMatchObject({ confirmed: false, runId: fresh, endedAt: null, output: null });
    expect(await tasksOf(id)).toMatchObject([
      { path: '/ask', status: 'waiting' },
      { path: '/before', status: 'success', result: 1 },
    ]);
    expect(await verify(id)).toMatchObject({ state: 'open', agrees: true });
    await decide(id, '/ask');
    await decide(id, '/again');
    expect(await confirmed(id)).toMatchObject({ status: 'success', runId: fresh });
    expect(await verify(id)).toMatchObject({ state: 'ended', agrees: true });
  });
});
