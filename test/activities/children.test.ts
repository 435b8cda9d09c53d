import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createChildCalls } from '../../activities/children.ts';
import { END_CHILD, START_CHILD } from '../../src/messages.ts';
import type { EngineCalls } from '../../src/messages.ts';
import { childIdOf } from '../../src/ids.ts';
import { endChild } from '../../src/operations/end-child.ts';
import { startChild } from '../../src/operations/start-child.ts';
import { createDatabase } from '../../src/store/database.ts';
import type { Stack } from '../reconcile/stack.ts';
import { createStack, poll } from '../reconcile/stack.ts';

type Call = EngineCalls[typeof START_CHILD]['input'];

const CHECKED = 'input: { type: object, required: [x] }\ntasks:\n  - { id: nap, type: wait, for: 1h }\n';
const own = randomUUID().slice(0, 8);
let stack: Stack;
let count = 0;

const callsOf = (parts: Stack) =>
  createChildCalls({ start: (call) => startChild(parts, call), end: (order) => endChild(parts, order) });

/** A call of a parent of its own. */
async function call(more: Partial<Call> = {}): Promise<Call> {
  const executionId = more.executionId ?? (await stack.start('checked', { id: `${own}-${++count}`, input: { x: 1 } }));
  return {
    ...{ tenant: 'default', executionId, path: '/each[2]/sub', attempt: 1, workflow: 'checked', version: null },
    ...{ input: { x: 2 }, mode: 'wait', onParentClose: 'cancel', startedBy: 'developer', correlationId: 'case-1' },
    ...more,
  };
}

beforeAll(async () => {
  stack = await createStack();
  await stack.save('checked', CHECKED);
});
afterAll(() => stack.close());

describe('starting a child', () => {
  it('however often and however many at once, is one execution, started', async () => {
    const wanted = await call();
    const start = () => callsOf(stack)[START_CHILD](wanted);
    const answers = await Promise.all([start(), start(), start(), start()]);
    const id = childIdOf(wanted.executionId, wanted.path, 1);
    expect(id).toBe(`${wanted.executionId}~each-2.sub`);
    expect([...answers, await start()]).toEqual(Array(5).fill({ executionId: id }));
    expect(await stack.read(id)).toMatchObject({
      ...{ workflow: 'checked', correlationId: 'case-1', startedBy: 'developer', input: { x: 2 } },
      ...{ parent: wanted.executionId, parentTask: '/each[2]/sub' },
    });
    expect(
      await stack.rows(`select root_execution_id, trigger, parent_waits, on_parent_close, parent_told_at
        from workflow_executions where id = '${id}'`),
    ).toEqual([
      { root_execution_id: id, trigger: 'parent', parent_waits: true, on_parent_close: 'cancel', parent_told_at: null },
    ]);
    const { args } = await startedWith(id);
    expect(args).toMatchObject({ parent: { executionId: wanted.executionId, path: '/each[2]/sub' }, input: { x: 2 } });
    const second = await callsOf(stack)[START_CHILD]({ ...wanted, attempt: 2, mode: 'detach' });
    expect(second.executionId).not.toBe(id);
    expect((await startedWith(second.executionId)).args).not.toHaveProperty('parent');
  });

  it('committed and not started, as when its worker dies: the starter does it, once', async () => {
    const wanted = await call();
    await stack.proxy.away();
    const { executionId } = await callsOf(stack)[START_CHILD](wanted);
    expect(await stack.read(executionId)).toMatchObject({ status: 'pending', runId: null });
    await stack.proxy.back();
    expect(await callsOf(stack)[START_CHILD](wanted)).toEqual({ executionId });
    const reconciler = stack.reconcile();
    await stack.until(executionId, ({ runId }) => runId !== null);
    await reconciler.stop();
    expect((await startedWith(executionId)).args).toMatchObject({ parent: { path: '/each[2]/sub' } });
  });

  it('the same call again, when its workflow has changed or is gone, is still the same child', async () => {
    await stack.save('passing', 'tasks:\n  - { id: nap, type: wait, for: 1h }\n');
    const wanted = await call({ workflow: 'passing' });
    const first = await callsOf(stack)[START_CHILD](wanted);
    await stack.rows(`update workflows set deleted_at = now() where name = 'passing'`);
    expect(await callsOf(stack)[START_CHILD](wanted)).toEqual(first);
  });

  it('the same call again, when the child has ended, answers its end', async () => {
    const wanted = await call();
    const { executionId } = await callsOf(stack)[START_CHILD](wanted);
    await stack.rows(`update workflow_executions
      set status = 'success', output = '5', authority = 2, end_time = now() where id = '${executionId}'`);
    const end = { executionId, status: 'success', output: 5 };
    expect(await callsOf(stack)[START_CHILD](wanted)).toEqual({ executionId, end });
  });

  it.each<[string, Partial<Call>, string, RegExp]>([
    ['an unknown workflow', { workflow: 'nowhere' }, 'CHILD_FAILED', /no workflow 'nowhere'/],
    ['an unknown version', { version: '9' }, 'CHILD_FAILED', /no version 9 of workflow 'checked'/],
    ['input that does not fit', { input: {} }, 'INPUT_INVALID', /schema of 'checked'.*x/],
    ['a definition that does not compile', { workflow: 'broken' }, 'DEFINITION_INVALID', /Version 2 of 'broken'/],
    ['a workflow that is paused', { workflow: 'paused' }, 'CHILD_FAILED', /nothing new starts/],
  ])('%s fails for good, with its code', async (_, more, type, message) => {
    await stack.save('paused', 'tasks:\n  - { id: a, type: set, vars: { x: 1 } }\n');
    await stack.rows(`update workflows set status = 'paused' where name = 'paused'`);
    await stack.save('broken', 'tasks:\n  - { id: a, type: set, vars: { x: 1 } }\n');
    await stack.rows(`insert into workflow_definitions
        (tenant_id, id, workflow_id, version, number, state, dialect, body, content_hash, created_by)
      select 'default', 'broken-2', id, '2', 100, 'published', 'native', '{"tasks": 5}', '\\x00', 'developer'
      from workflows where name = 'broken' on conflict do nothing`);
    await stack.rows(`update workflows set current_definition_id = 'broken-2' where name = 'broken'`);
    const refused = callsOf(stack)[START_CHILD](await call(more));
    await expect(refused).rejects.toMatchObject({ type, nonRetryable: true, message: expect.stringMatching(message) });
  });

  it('at most 20 levels deep', async () => {
    let { executionId } = await call();
    for (let level = 1; level <= 20; level++) {
      ({ executionId } = await callsOf(stack)[START_CHILD](
        await call({ executionId, path: '/subWorkflowOfThatLevel' }),
      ));
      expect(executionId.length).toBeLessThanOrEqual(200);
    }
    await expect(callsOf(stack)[START_CHILD](await call({ executionId }))).rejects.toMatchObject({
      ...{ type: 'CHILD_FAILED', nonRetryable: true, message: expect.stringContaining('20 levels') },
    });
  });

  it('an id that is taken by another execution is no child', async () => {
    const wanted = await call();
    const id = childIdOf(wanted.executionId, wanted.path, 1);
    await stack.rows(`insert into workflow_executions (tenant_id, id, root_execution_id, workflow_id, definition_id, engine_version, status, parent_execution_id, parent_path)
      select tenant_id, '${id}', '${id}', workflow_id, definition_id, 1, 'failed', id, '/other' from workflow_executions where id = '${wanted.executionId}'`);
    await expect(callsOf(stack)[START_CHILD](wanted)).rejects.toMatchObject({
      type: 'CHILD_FAILED',
      nonRetryable: true,
    });
  });

  it('without PostgreSQL it is tried again', async () => {
    const database = createDatabase({ url: 'postgres://nobody@127.0.0.1:1/none', name: 'test' });
    const refused = callsOf({ ...stack, database })[START_CHILD](await call());
    await expect(refused).rejects.toMatchObject({ type: 'DATABASE_UNAVAILABLE', nonRetryable: false });
    await database.close();
  });
});

describe('ending a child', () => {
  beforeAll(() => void stack.reconcile());

  it.each(['cancel', 'terminate'] as const)(
    '%s: asked of Temporal, once; twice or after its end changes nothing',
    async (how) => {
      const { executionId } = await callsOf(stack)[START_CHILD](await call());
      await stack.until(executionId, ({ runId }) => runId !== null);
      const order = { tenant: 'default', executionId, how, reason: 'The parent was cancelled' };
      expect(await callsOf(stack)[END_CHILD](order)).toBeNull();
      expect(await callsOf(stack)[END_CHILD](order)).toBeNull();
      const run = await poll(
        () => stack.outside.getHandle(executionId).describe(),
        ({ raw, status }) => status.name === 'TERMINATED' || Number(raw.workflowExecutionInfo?.historyLength) > 2,
      );
      expect(run.status.name).toBe(how === 'cancel' ? 'RUNNING' : 'TERMINATED');
      await stack.outside
        .getHandle(executionId)
        .terminate()
        .catch(() => undefined);
      expect(await callsOf(stack)[END_CHILD](order)).toBeNull();
      const orders = await stack.rows(
        `select action, requested_by, arguments from commands where execution_id = '${executionId}'`,
      );
      expect(orders).toEqual([
        { action: how, requested_by: 'system', arguments: { channel: 'parent', reason: 'The parent was cancelled' } },
      ]);
    },
  );

  it('one that Temporal has not got yet never starts', async () => {
    await stack.proxy.away();
    const { executionId } = await callsOf(stack)[START_CHILD](await call());
    const order = { tenant: 'default', executionId, how: 'cancel' as const, reason: 'The parent was cancelled' };
    await expect(callsOf(stack)[END_CHILD](order)).rejects.toMatchObject({
      type: 'TEMPORAL_UNAVAILABLE',
      nonRetryable: false,
    });
    await stack.proxy.back();
    // Temporal tries an activity again.
    await poll(
      () =>
        callsOf(stack)
          [END_CHILD](order)
          .catch((error: unknown) => error),
      (answer) => answer === null,
    );
    expect(await stack.read(executionId)).toMatchObject({
      status: 'cancelled',
      errorCode: 'CANCELLED',
      confirmed: true,
    });
    expect(await stack.temporal.describe(executionId)).toBeUndefined();
  });

  it('one that is not there needs none', async () => {
    const order = { tenant: 'default', executionId: `${own}-none`, how: 'cancel' as const, reason: 'x' };
    expect(await callsOf(stack)[END_CHILD](order)).toBeNull();
  });
});

/** The input that Temporal started it with. */
async function startedWith(id: string): Promise<{ readonly args: unknown }> {
  const { events } = await stack.outside.getHandle(id).fetchHistory();
  const payload = events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads?.[0]?.data;
  return { args: JSON.parse(Buffer.from(payload ?? []).toString()) };
}
