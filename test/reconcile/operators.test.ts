/** What an operator of Temporal does to activities and workflows, most of which leaves no event in a history. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { defineExecutor } from '../../activities/define-executor.ts';
import { startTemporal } from '../../src/dev/temporal.ts';
import type { TemporalServer } from '../../src/dev/temporal.ts';
import type { Read } from './reader.ts';
import { createReader } from './reader.ts';
import type { Stack } from './stack.ts';
import { createStack, poll } from './stack.ts';

const BUNDLE = '.build/workflows.js';
const bundle = vi.hoisted(() => ({ file: '.build/workflows.js' }));
vi.mock(import('../../src/temporal/find-bundle.ts'), () => ({ findBundle: () => bundle.file }));

/** Per execution: whether its job succeeds now. */
const open = new Set<string>();
const job = defineExecutor({
  name: 'job',
  description: 'Fails until it is let go',
  input: z.object({ id: z.string() }),
  run: ({ input: { id }, attempt }) => (open.has(id) ? Promise.resolve(attempt) : Promise.reject(new Error('not yet'))),
});
const slow = defineExecutor({
  name: 'slow',
  description: 'Takes two seconds and fails, until it is let go',
  input: z.object({ id: z.string() }),
  run: async ({ input: { id } }) => {
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    if (!open.has(id)) throw new Error('not yet');
  },
});

const definitionOf = (executor: string, interval: string) => `
tasks:
  - id: job
    type: executor
    executor: ${executor}
    local: false
    with: { id: "{% $execution.id %}" }
    retry: { maxAttempts: 100, initialInterval: ${interval}, backoffCoefficient: 1 }
output: "{% $tasks.job.output %}"
`;

describe('an operator of Temporal', { timeout: 60_000 }, () => {
  const directory = mkdtempSync(join(tmpdir(), 'weft-operators-'));
  let temporal: TemporalServer;
  let stack: Stack;
  let read: Read;
  let stopWorker: () => Promise<void>;

  beforeAll(async () => {
    const dynamicConfig = { 'frontend.WorkflowPauseEnabled': true };
    temporal = await startTemporal({ port: 0, uiPort: 0, logFile: join(directory, 'temporal.log'), dynamicConfig });
    stack = await createStack([job, slow], temporal);
    read = await createReader(stack, stack.reconcile());
    stopWorker = await stack.work();
    await stack.save('quick', definitionOf('job', '200ms'));
    await stack.save('patient', definitionOf('job', '1h'));
    await stack.save('slow', definitionOf('slow', '1s'));
    await stack.save(
      'nap',
      'tasks: [{ id: a, type: executor, executor: job, with: { id: x } }, { id: nap, type: wait, for: 6s }]',
    );
  }, 60_000);
  afterAll(async () => {
    await stack.close();
    await temporal.stop();
    rmSync(directory, { recursive: true });
  });

  const service = () => stack.outside.workflowService;
  const activity = (id: string) => ({
    ...{ namespace: stack.namespace, execution: { workflowId: id }, id: '/job', identity: 'ops@host' },
  });
  const why = async (id: string) => (await read(`/executions/${id}/why`)).body;
  const whyWhen = (id: string, kind: string) =>
    poll(
      () => why(id),
      ({ waits }) => waits.some((wait: { kind: string }) => wait.kind === kind),
    );
  const attemptsOf = async (id: string) => {
    const rows = await stack.rows(
      `select attempt, status from task_attempts where execution_id = '${id}' order by ord, attempt`,
    );
    return rows.map(({ attempt, status }) => `${String(attempt)} ${String(status)}`);
  };
  const taskOf = async (id: string) => (await read(`/executions/${id}/tasks`)).body.items[0];

  it('resets an activity: attempts begin at 1 again, and are taken as later ones', async () => {
    const id = await stack.start('quick');
    await poll(
      () => attemptsOf(id),
      (rows) => rows.filter((row) => row.endsWith('failed')).length >= 3,
    );
    await service().resetActivity(activity(id));
    const rows = await poll(
      () => attemptsOf(id),
      (all) => all.filter((row) => row === '1 failed').length === 2 && all.at(-1) !== '1 failed',
    );
    const second = rows.lastIndexOf('1 failed');
    expect(second).toBeGreaterThanOrEqual(3);
    expect(rows[second + 1]).toMatch(/^2 /);
    // The row goes on with the later attempts, and shows the most there were.
    expect(await taskOf(id)).toMatchObject({
      status: expect.stringMatching(/retry|running/),
      attempt: expect.any(Number),
    });
    expect((await taskOf(id)).attempt).toBeGreaterThanOrEqual(3);
    open.add(id);
    const ended = await stack.until(id, ({ confirmed }) => confirmed);
    expect(ended).toMatchObject({ status: 'success' });
    const last = (await attemptsOf(id)).at(-1);
    expect(last).toBe(`${ended.output as number} success`);
    expect(await taskOf(id)).toMatchObject({ status: 'success', confirmed: true, result: ended.output, error: null });
  });

  it('pauses an activity: why says by whom, and how it goes on', async () => {
    const id = await stack.start('quick');
    await poll(
      () => attemptsOf(id),
      (rows) => rows.includes('2 failed'),
    );
    await service().pauseActivity({ ...activity(id), reason: 'maintenance' });
    const { summary, waits } = await whyWhen(id, 'operator');
    expect(summary).toMatch(
      /^Waits for attempt \d+ of 100 of job, paused by an operator of Temporal: ops@host \(maintenance\)\.$/,
    );
    expect(waits).toMatchObject([
      {
        ...{ path: '/job', since: expect.any(String), about: { pausedBy: 'ops@host', reason: 'maintenance' } },
        moves: [{ how: `temporal activity unpause --workflow-id ${id} --activity-id /job` }],
      },
    ]);
    const before = await attemptsOf(id);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(await attemptsOf(id)).toEqual(before);
    open.add(id);
    await service().unpauseActivity(activity(id));
    expect(await stack.until(id, ({ confirmed }) => confirmed)).toMatchObject({ status: 'success' });
    expect((await attemptsOf(id)).slice(0, before.length)).toEqual(before);
  });

  it('pauses an activity that runs: it ends its attempt first', async () => {
    const id = await stack.start('slow');
    await whyWhen(id, 'task');
    await service().pauseActivity({ ...activity(id), reason: '' });
    const running = await why(id);
    expect(running.waits).toMatchObject([{ kind: 'task', for: expect.stringContaining('after which it is paused') }]);
    expect((await whyWhen(id, 'operator')).waits[0].for).toBe(
      'attempt 2 of 100 of slow, paused by an operator of Temporal: ops@host',
    );
    // Temporal hears of it first.
    await poll(
      () => attemptsOf(id),
      (attempts) => isDeepStrictEqual(attempts, ['1 failed']),
    );
    open.add(id);
    await service().unpauseActivity(activity(id));
    expect(await stack.until(id, ({ confirmed }) => confirmed)).toMatchObject({ status: 'success' });
  });

  it("changes an activity's options: why goes by what holds now", async () => {
    const id = await stack.start('patient');
    expect((await whyWhen(id, 'retry')).waits).toMatchObject([{ about: { maxAttempts: 100, timeoutMs: 60_000 } }]);
    await service().updateActivityOptions({
      ...activity(id),
      activityOptions: { startToCloseTimeout: { seconds: 77 as never }, retryPolicy: { maximumAttempts: 7 } },
      updateMask: { paths: ['start_to_close_timeout', 'retry_policy.maximum_attempts'] },
    });
    const { waits } = await whyWhen(id, 'retry');
    expect(waits).toMatchObject([{ about: { maxAttempts: 7, timeoutMs: 77_000 } }]);
    // As `why` says it can be had.
    open.add(id);
    await service().resetActivity(activity(id));
    expect(await stack.until(id, ({ confirmed }) => confirmed)).toMatchObject({ status: 'success', output: 1 });
    expect(await attemptsOf(id)).toEqual(['1 failed', '1 success']);
  });

  it('pauses a workflow: it stays open, why says by whom', async () => {
    const id = await stack.start('quick');
    await poll(
      () => attemptsOf(id),
      (rows) => rows.length > 0,
    );
    const about = { namespace: stack.namespace, workflowId: id, identity: 'ops@host', reason: 'all stop' };
    await service().pauseWorkflowExecution({ ...about, requestId: 'pause' });
    const { summary, waits } = await whyWhen(id, 'operator');
    expect(summary).toMatch(/paused by an operator of Temporal, ops@host \(all stop\)/);
    expect(waits[0]).toMatchObject({
      path: null,
      moves: [{ how: `temporal workflow unpause --workflow-id ${id}` }],
    });
    expect((await read(`/executions/${id}?consistency=strong`)).body).toMatchObject({ status: 'running' });
    open.add(id);
    await service().unpauseWorkflowExecution({ ...about, requestId: 'unpause' });
    expect(await stack.until(id, ({ confirmed }) => confirmed)).toMatchObject({ status: 'success' });
  });

  it('starts a worker of other code: why tells the failing workflow task, and what brings it on', async () => {
    open.add('x');
    const id = await stack.start('nap');
    await whyWhen(id, 'timer');
    await stopWorker();
    const code = readFileSync(BUNDLE, 'utf8');
    const changed = code.replaceAll('activityId: call.id', 'activityId: `changed${call.id}`');
    expect(changed).not.toBe(code);
    bundle.file = join(directory, 'workflows.js');
    writeFileSync(bundle.file, changed);
    await stack.work();
    const { summary, waits } = await poll(
      () => why(id),
      (answer) => answer.waits.some((wait: { kind: string; path: unknown }) => wait.kind === 'workflow'),
      30_000,
    );
    expect(summary).toMatch(/^Waits for its workflow task, which fails again and again \(attempt \d+\): .*/);
    expect(waits[0]).toMatchObject({
      about: { isNondeterminism: true, workflowId: id },
      moves: [{ how: 'weft deployments list' }, { how: `weft terminate ${id}` }],
    });
    await stack.outside.getHandle(id).terminate();
  });
});
