import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createWriter } from '../../src/mirror/writer.ts';
import { confirmExecution } from '../../src/reconcile/confirm.ts';
import type { ConfirmParts } from '../../src/reconcile/confirm.ts';
import { createReplayer } from '../../src/reconcile/replayer.ts';
import { createSweeper } from '../../src/reconcile/sweeper.ts';
import { startFamilyWorker } from './family-worker.ts';
import type { Stack } from './stack.ts';
import { createStack, poll } from './stack.ts';

/** Temporal is shared by all tests and keeps what ran before. */
const own = randomUUID().slice(0, 8);
let stack: Stack;
let worker: Awaited<ReturnType<typeof startFamilyWorker>>;
let parts: ConfirmParts;

beforeAll(async () => {
  stack = await createStack();
  await stack.save('chain', 'tasks:\n  - { id: nap, type: wait, for: 1h }\n');
  worker = await startFamilyWorker(stack);
  const replayer = createReplayer(stack.log, { codePath: worker.codePath });
  parts = { ...stack, replayer, writer: createWriter(stack.database), lookAgain: () => undefined };
});
afterAll(async () => {
  await Promise.all([parts.replayer.close(), parts.writer.close()]);
  await worker.stop();
  await stack.close();
});

const tasksOf = (id: string) =>
  stack.rows(
    `select path, status, result, authority, ord from task_executions where execution_id = '${id}' order by path`,
  );

async function ended(id: string) {
  await stack.start('chain', { id });
  await poll(
    () => stack.temporal.describe(id),
    (run) => run?.closeTime != null,
  );
}

it('an execution of several runs is folded from all of them, first to last', async () => {
  const id = `${own}-folded`;
  await ended(id);
  const last = await stack.temporal.describe(id);
  const { runs: chain, isWhole } = await stack.temporal.chain(id, last?.runId ?? '');
  expect(chain).toHaveLength(3);
  expect(isWhole).toBe(true);
  expect(chain[0]?.runId).toBe(last?.firstRunId);
  // By this the runs of two executions that had one id are told apart.
  expect(last?.acceptedAt).not.toBeNull();
  expect(await confirmExecution(parts, { tenant: 'default', id })).toBe('confirmed');
  const execution = await stack.read(id);
  expect(execution).toMatchObject({
    ...{ status: 'success', confirmed: true, output: { runs: 3, last: last?.runId }, runId: last?.runId },
    startedAt: new Date(chain[0]?.startTime ?? 0),
  });
  const rows = await tasksOf(id);
  expect(rows).toMatchObject([
    { path: '/long', status: 'success', result: { run: 2 }, authority: 2 },
    { path: '/t0', status: 'success', result: { run: 0 }, authority: 2 },
    { path: '/t1', status: 'success', result: { run: 1 }, authority: 2 },
    { path: '/t2', status: 'success', result: { run: 2 }, authority: 2 },
  ]);
  expect(await stack.rows(`select run_no, run_id from mirror_cursors where execution_id = '${id}'`)).toEqual([
    { run_no: 3, run_id: last?.runId },
  ]);
  // What was lost of it later comes back from the same histories.
  await stack.rows(`delete from task_executions where execution_id = '${id}' and path <> '/t2'`);
  await stack.rows(
    `update workflow_executions set authority = 0, status = 'running', end_time = null where id = '${id}'`,
  );
  expect(await confirmExecution(parts, { tenant: 'default', id })).toBe('confirmed');
  expect((await tasksOf(id)).map(({ path, status, result }) => ({ path, status, result }))).toEqual(
    rows.map(({ path, status, result }) => ({ path, status, result })),
  );
});

it('a run that went on as another is no end, listed or asked about', async () => {
  const id = `${own}-open`;
  const since = new Date(Date.now() - 1_000);
  await stack.start('chain', { id });
  const first = await poll(
    () => stack.rows(`select temporal_run_id from workflow_executions where id = '${id}'`),
    ([row]) => typeof row?.['temporal_run_id'] === 'string',
  );
  const runId = String(first[0]?.['temporal_run_id']);
  await poll(
    () => stack.temporal.describe(id),
    (run) => run?.runId !== runId,
  );
  const continued = { runId, startTime: Date.now(), closeTime: Date.now() };
  expect(await confirmExecution(parts, { tenant: 'default', id }, continued)).toBe('open');
  expect(await confirmExecution(parts, { tenant: 'default', id })).toBe('open');
  await poll(
    () => stack.temporal.describe(id),
    (run) => run?.closeTime != null,
  );
  const listed = await poll(
    async () => (await stack.temporal.listChanged(since)).filter(({ workflowId }) => workflowId === id),
    (runs) => runs.some(({ isOpen }) => !isOpen),
  );
  expect(listed).toHaveLength(1);
  expect(listed[0]?.runId).not.toBe(runId);
});

it('the sweeper confirms it, and one that was terminated in its second run', async () => {
  const [whole, cut] = [`${own}-whole`, `${own}-cut`];
  const sweeper = createSweeper({ ...parts, inherit: () => Promise.resolve() });
  await stack.start('chain', { id: cut });
  const { firstRunId } = (await stack.temporal.describe(cut)) ?? {};
  await poll(
    () => stack.temporal.describe(cut),
    (run) => run?.runId !== firstRunId,
  );
  await stack.outside.getHandle(cut).terminate('by hand');
  await ended(whole);
  for (const id of [whole, cut]) {
    await poll(
      async () => {
        await sweeper.sweep();
        return stack.read(id);
      },
      ({ confirmed }) => confirmed,
    );
  }
  expect(await tasksOf(whole)).toHaveLength(4);
  expect(await stack.read(cut)).toMatchObject({ status: 'cancelled', errorCode: 'TERMINATED', errorDetail: 'by hand' });
  expect((await tasksOf(cut)).slice(0, 2)).toMatchObject([
    { path: '/long', status: 'cancelled' },
    { path: '/t0', status: 'success' },
  ]);
  await sweeper.release();
});
