import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { ApprovalState, Json, RunInput } from '../../src/contract.ts';
import { approvalId } from '../../src/ids.ts';
import { createTemporal } from '../../src/temporal/client.ts';
import type { Stack } from '../reconcile/stack.ts';
import { createStack, poll } from '../reconcile/stack.ts';
import { planOf, runInputOf } from '../workflows/run-definition.ts';

const APPROVAL = `
tasks:
  - { id: ask, type: approval, title: May I, assignees: [boss] }
output: "{% $tasks.ask.output.decision %}"
`;
const boss = { id: 'u1', names: ['u1', 'boss'], groups: [] };

let stack: Stack;

beforeAll(async () => {
  stack = await createStack();
  await stack.work();
});
afterAll(() => stack.close());

function inputOf(definition: string, input: Json = {}): RunInput {
  const run = runInputOf(planOf(definition), input);
  const id = `t-${randomUUID()}`;
  return { ...run, execution: { ...run.execution, id, rootId: id } };
}

/** Started, and its first workflow task done: approvals are open. */
async function begin(definition: string, input: Json = {}): Promise<{ id: string; runId: string }> {
  const run = inputOf(definition, input);
  const { id } = run.execution;
  const runId = await stack.temporal.start(run, { title: 'A test' });
  await poll(
    () => stack.temporal.describe(id),
    (described) => (described?.historyLength ?? 0) >= 4,
  );
  return { id, runId };
}

async function closed(id: string, runId: string) {
  await poll(
    () => stack.temporal.describe(id),
    (run) => run?.closeTime != null,
  );
  return stack.temporal.closeResult(id, runId);
}

function decide(id: string, more: { actor?: typeof boss; updateId?: string; timeout?: number; path?: string } = {}) {
  const { actor = boss, updateId = randomUUID(), timeout, path = '/ask' } = more;
  const request = {
    approvalId: approvalId(id, path, 1),
    decision: 'approve' as const,
    comment: null,
    data: null,
    actor,
    channel: 'api' as const,
  };
  return stack.temporal.update('decide', id, request, { updateId, ...(timeout !== undefined && { timeout }) });
}

describe('start', () => {
  it('starts once, whoever asks, and never again after its end', async () => {
    const run = inputOf('tasks:\n  - { id: a, type: set, vars: { x: 1 } }\noutput: 1\n');
    const all = await Promise.all([1, 2, 3].map(() => stack.temporal.start(run, { title: 'A test' })));
    const [runId = ''] = all;
    expect(new Set(all).size).toBe(1);
    expect(await closed(run.execution.id, runId)).toMatchObject({ status: 'success', output: 1, error: null });
    expect(await stack.temporal.start(run, { title: 'A test' })).toBe(runId);
  });

  it("shows the definition's name as type, and the title", async () => {
    const { id } = await begin(APPROVAL);
    const description = await stack.outside.getHandle(id).describe();
    expect(description.type).toBe('test');
    expect(description.memo).toEqual({ title: 'A test', acceptedAt: '2026-01-01T00:00:00.000Z' });
    expect(await description.staticSummary()).toBe('A test');
  });
});

describe('closeResult', () => {
  it.each<[string, string, object]>([
    ['failed', 'tasks:\n  - { id: a, type: fail, code: NO_MONEY, detail: None }\n', { code: 'NO_MONEY', task: '/a' }],
    ['timeout', 'timeout: 200ms\ntasks:\n  - { id: a, type: wait, for: 1h }\n', { code: 'TIMEOUT' }],
    ['failed', 'tasks:\n  - { id: a, type: wait, for: 1h, totalTimeout: 100ms }\n', { code: 'TIMEOUT', task: '/a' }],
  ])('%s as the interpreter says', async (status, definition, error) => {
    const { id, runId } = await begin(definition);
    expect(await closed(id, runId)).toMatchObject({ status, error, output: null, byTemporal: false });
  });

  it.each<['cancel' | 'terminate', object]>([
    ['cancel', { error: { code: 'CANCELLED' }, byTemporal: false }],
    ['terminate', { error: { code: 'TERMINATED', detail: 'enough' }, byTemporal: true }],
  ])('%s', async (action, expected) => {
    const { id, runId } = await begin(APPROVAL);
    expect(await stack.temporal.closeResult(id, runId)).toBeUndefined();
    expect(await stack.temporal[action](id, 'enough')).toBe('requested');
    expect(await closed(id, runId)).toMatchObject({ status: 'cancelled', ...expected });
    expect(await stack.temporal[action](id, 'again')).toBe('ended before');
    expect(await stack.temporal[action]('nobody', 'x')).toBe('unknown');
  });

  it('an execution Temporal times out', async () => {
    const run = inputOf(APPROVAL);
    await stack.outside.start('test', {
      workflowId: run.execution.id,
      taskQueue: stack.taskQueue,
      args: [run],
      workflowRunTimeout: 300,
    });
    const { runId = '' } = (await stack.temporal.describe(run.execution.id)) ?? {};
    expect(await closed(run.execution.id, runId)).toMatchObject({
      status: 'timeout',
      error: { code: 'TIMEOUT' },
      byTemporal: true,
    });
  });
});

describe('update', () => {
  it('answers, and under the same id answers the same again', async () => {
    const { id } = await begin(APPROVAL);
    const updateId = randomUUID();
    const first = await decide(id, { updateId });
    expect(first).toMatchObject({ status: 'approved', decidedBy: 'u1' });
    expect(await decide(id, { updateId })).toEqual(first);
  });

  it('refuses as the validator does', async () => {
    const { id } = await begin(APPROVAL.replace('output', '  - { id: nap, type: wait, for: 1h }\noutput'));
    await expect(decide(id, { path: '/other' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(decide(id, { actor: { id: 'u2', names: ['u2'], groups: [] } })).rejects.toMatchObject({
      code: 'FORBIDDEN',
    });
    await decide(id);
    const late = await decide(id).catch(
      (error: unknown) => error as { code: string; extra: { approval: ApprovalState } },
    );
    expect(late).toMatchObject({
      code: 'ALREADY_DECIDED',
      extra: { approval: { status: 'approved', decidedBy: 'u1', decidedAt: expect.any(String) } },
    });
  });

  it('says that it has ended, or was never there', async () => {
    const { id, runId } = await begin(APPROVAL);
    await stack.temporal.terminate(id, 'enough');
    await closed(id, runId);
    await expect(decide(id)).rejects.toMatchObject({ code: 'EXECUTION_ENDED' });
    await expect(decide('nobody')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('says that no worker answers', async () => {
    const { address, namespace } = inject('weft').temporal;
    const lonely = createTemporal({ address, namespace, taskQueue: `nobody-${randomUUID()}` });
    const run = inputOf(APPROVAL);
    await lonely.start(run, { title: 'x' });
    await expect(decide(run.execution.id, { timeout: 1_500 })).rejects.toMatchObject({ code: 'WORKER_UNAVAILABLE' });
    await lonely.terminate(run.execution.id, 'enough');
    await lonely.close();
  });
});

it('lists what started or ended since, of its own queue', async () => {
  const since = new Date(Date.now() - 1_000);
  const { id, runId } = await begin('tasks:\n  - { id: a, type: set, vars: { x: 1 } }\n');
  await closed(id, runId);
  const listed = await poll(
    () => stack.temporal.listChanged(since),
    (runs) => runs.some((run) => run.workflowId === id && !run.isOpen),
  );
  expect(listed.find((run) => run.workflowId === id)).toMatchObject({ runId, closeTime: expect.any(Number) });
  const other = createTemporal({ address: `127.0.0.1:${stack.proxy.port}`, namespace: 'default', taskQueue: "it's" });
  expect(await other.listChanged(since)).toEqual([]);
  await other.close();
});

it('says within seconds that Temporal is away, and finds it again within two', async () => {
  const { id } = await begin(APPROVAL);
  await stack.proxy.away();
  const began = Date.now();
  const away = { code: 'TEMPORAL_UNAVAILABLE' };
  await expect(stack.temporal.describe(id)).rejects.toMatchObject(away);
  await expect(stack.temporal.start(inputOf(APPROVAL), { title: 'x' })).rejects.toMatchObject(away);
  await expect(decide(id, { timeout: 2_000 })).rejects.toMatchObject(away);
  await expect(stack.temporal.terminate(id, 'x')).rejects.toMatchObject(away);
  await expect(stack.temporal.ping()).rejects.toMatchObject(away);
  expect(Date.now() - began).toBeLessThan(10_000);
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  await stack.proxy.back();
  await poll(
    () =>
      stack.temporal.ping().then(
        () => true,
        () => false,
      ),
    (isThere) => isThere,
    2_500,
  );
});
