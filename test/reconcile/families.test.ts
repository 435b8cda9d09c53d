import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Json } from '../../src/contract.ts';
import { childIdOf } from '../../src/ids.ts';
import { endExecution } from '../../src/operations/end-execution.ts';
import { startFamilyWorker } from './family-worker.ts';
import type { Wanted } from './family.workflow.ts';
import type { Stack } from './stack.ts';
import { createStack, developer, poll } from './stack.ts';

/** Temporal is shared by all tests and keeps what ran before. */
const own = randomUUID().slice(0, 8);
const NAP = 'tasks:\n  - { id: nap, type: wait, for: 1h }\n';
const waited: Wanted = { workflow: 'nap', mode: 'wait', onParentClose: 'cancel' };
let stack: Stack;
let worker: Awaited<ReturnType<typeof startFamilyWorker>>;
let count = 0;

/** A parent with children that run; ids of both. */
async function family(wanted: readonly Wanted[]) {
  const id = await stack.start('parent', { id: `${own}-${++count}`, input: wanted as unknown as Json });
  const children = wanted.map((_, index) => childIdOf(id, `/c${index}`, 1));
  for (const child of children) await started(child);
  return { id, children };
}

const started = (id: string) =>
  poll(
    () => stack.rows(`select temporal_run_id from workflow_executions where id = '${id}'`),
    ([row]) => typeof row?.['temporal_run_id'] === 'string',
  );
const resultOf = (id: string) => stack.outside.getHandle(id).result() as Promise<Record<string, unknown>[]>;
const told = (id: string) =>
  stack.rows(`select parent_told_at is not null as told from workflow_executions where id = '${id}'`);

beforeAll(async () => {
  stack = await createStack();
  for (const name of ['parent', 'chain', 'nap']) await stack.save(name, NAP);
  await stack.save('quick', 'tasks:\n  - { id: a, type: set, vars: { x: 1 } }\noutput: 7\n');
  worker = await startFamilyWorker(stack);
  stack.reconcile();
  // A second process does the same work.
  stack.reconcile();
});
afterAll(async () => {
  await worker.stop();
  await stack.close();
});

it('a parent that waits learns of the end of a child that was terminated, within seconds and once', async () => {
  const { id, children } = await family([waited, waited]);
  const began = Date.now();
  for (const child of children) await stack.outside.getHandle(child).terminate('by hand');
  expect(await resultOf(id)).toEqual(
    expect.arrayContaining(
      children.map((executionId) => {
        return { executionId, status: 'cancelled', error: { code: 'TERMINATED', detail: 'by hand' } };
      }),
    ),
  );
  expect(await resultOf(id)).toHaveLength(2);
  expect(Date.now() - began).toBeLessThan(8_000);
});

it('and of one that was cancelled before it started, or can not start', async () => {
  const { id, children } = await family([waited]);
  const child = `${children[0]}x`;
  // As START_CHILD leaves it when Temporal is away.
  await stack.rows(`insert into workflow_executions (tenant_id, id, root_execution_id, workflow_id, definition_id, engine_version,
      status, trigger, triggered_by, parent_execution_id, parent_path, parent_waits, on_parent_close, start_after)
    select tenant_id, '${child}', '${child}', workflow_id, definition_id, 1, 'pending', 'parent', 'developer', '${id}', '/c9', true,
      'cancel', now() + interval '1 hour' from workflow_executions where id = '${children[0]}'`);
  await endExecution(stack, developer, { id: child, action: 'cancel', reason: 'not needed' });
  await poll(
    () => told(child),
    ([row]) => row?.['told'] === true,
  );
  await stack.outside.getHandle(String(children[0])).terminate('enough');
  const { events } = await stack.outside.getHandle(id).fetchHistory();
  expect(JSON.stringify(events?.map(({ workflowExecutionSignaledEventAttributes: signal }) => signal))).toContain(
    'childEnded',
  );
  await resultOf(id);
});

it('a child that told its parent itself, or whose parent is over, is not told of again', async () => {
  const id = await stack.start('nap', { id: `${own}-told` });
  await stack.until(id, ({ status }) => status === 'running');
  const child = `${id}~c0`;
  await stack.rows(`insert into workflow_executions (tenant_id, id, root_execution_id, workflow_id, definition_id, engine_version,
      status, trigger, parent_execution_id, parent_path, parent_waits, on_parent_close, authority, end_time, start_time)
    select tenant_id, '${child}', '${child}', workflow_id, definition_id, 1, 'success', 'parent', '${id}', '/sub', true, 'cancel', 2,
      now(), now() from workflow_executions where id = '${id}'`);
  await stack.rows(`insert into task_executions (tenant_id, execution_id, path, task_id, type, status)
    values ('default', '${id}', '/sub', 'sub', 'sub_workflow', 'success')`);
  await poll(
    () => told(child),
    ([row]) => row?.['told'] === true,
  );
  const { events } = await stack.outside.getHandle(id).fetchHistory();
  expect(events?.filter((event) => event.workflowExecutionSignaledEventAttributes)).toEqual([]);
  await stack.outside.getHandle(id).terminate();
});

it('a parent that was terminated: its children get what their task says, and theirs too', async () => {
  const inner: Wanted = { ...waited, workflow: 'nap' };
  const { id, children } = await family([
    waited,
    { ...waited, onParentClose: 'terminate' },
    { ...waited, onParentClose: 'abandon' },
    { ...waited, mode: 'detach' },
    { workflow: 'parent', mode: 'wait', onParentClose: 'terminate', input: [inner] },
  ]);
  await stack.until(String(children[2]), ({ status }) => status === 'running');
  const [cancelled = '', terminated = '', abandoned = '', detached = '', nested = ''] = children;
  const grandchild = childIdOf(nested, '/c0', 1);
  await started(grandchild);
  await stack.until(grandchild, ({ status }) => status === 'running');
  const began = Date.now();
  await stack.outside.getHandle(id).terminate('by hand');
  const detail = `Its parent ${id} has ended`;
  for (const [child, expected] of [
    [cancelled, { status: 'cancelled', errorCode: 'CANCELLED' }],
    [terminated, { status: 'cancelled', errorCode: 'TERMINATED', errorDetail: detail }],
    [detached, { status: 'cancelled', errorCode: 'CANCELLED' }],
    [nested, { status: 'cancelled', errorCode: 'TERMINATED', errorDetail: detail }],
    [grandchild, { status: 'cancelled', errorCode: 'CANCELLED' }],
  ] as const) {
    expect(await stack.until(child, ({ confirmed }) => confirmed)).toMatchObject(expected);
  }
  expect(Date.now() - began).toBeLessThan(10_000);
  expect(await stack.read(abandoned)).toMatchObject({ status: 'running' });
  await stack.outside.getHandle(abandoned).terminate();
});

it('what was left undone when every process died is made up for', async () => {
  const { id, children } = await family([waited, { ...waited, onParentClose: 'terminate' }]);
  await stack.outside.getHandle(String(children[0])).terminate('by hand');
  await stack.until(String(children[0]), ({ confirmed }) => confirmed);
  await poll(
    () => told(String(children[0])),
    ([row]) => row?.['told'] === true,
  );
  // Confirmed, and the signal is lost with the process.
  await stack.rows(`update workflow_executions set parent_told_at = null where id = '${children[0]}'`);
  await poll(
    () => told(String(children[0])),
    ([row]) => row?.['told'] === true,
  );
  const { events } = await stack.outside.getHandle(id).fetchHistory();
  expect(events?.filter((event) => event.workflowExecutionSignaledEventAttributes)).toHaveLength(2);
  // The parent's end is confirmed, and nobody closed the other child.
  await stack.outside.getHandle(id).terminate();
  await stack.until(String(children[1]), ({ confirmed }) => confirmed);
});
