import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Worker } from '@temporalio/worker';
import type { WorkflowBundleWithSourceMap } from '@temporalio/worker';
import { z } from 'zod';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { defineExecutor } from '../../activities/define-executor.ts';
import { readConfig } from '../../src/config.ts';
import { versioningOf } from '../../src/start-worker.ts';
import { runWeft } from '../cli/run-weft.ts';
import type { Stack } from '../reconcile/stack.ts';
import { createStack, poll } from '../reconcile/stack.ts';
import { chain } from './build.workflow.ts';

/** Says which build ran it. */
const build = (name: string) =>
  defineExecutor({ name: 'build', description: '', input: z.unknown(), run: () => Promise.resolve(name) });

const DEFINITION = `
tasks:
  - { id: first, type: executor, executor: build }
  - { id: ask, type: approval, title: May I go on, assignees: [boss] }
  - { id: last, type: executor, executor: build }
output: "{% $tasks.first.output & ' ' & $tasks.last.output %}"
`;
const boss = { id: 'boss', names: ['boss'], groups: [] };

let stack: Stack;
const deployment = `weft-${randomUUID()}`;
const settings = () => ({
  TEMPORAL_ADDRESS: inject('weft').temporal.address,
  TEMPORAL_NAMESPACE: inject('weft').temporal.namespace,
  WEFT_DEPLOYMENT: deployment,
});
const work = (name: string) => stack.work({ WEFT_DEPLOYMENT: deployment, WEFT_BUILD_ID: name }, [build(name)]);
const weft = (...args: string[]) => runWeft(['deployments', ...args], { cwd: '/', env: settings() });

async function begin(): Promise<string> {
  const id = await stack.start('builds');
  await stack.until(id, ({ currentTasks }) => JSON.stringify(currentTasks).includes('/ask'));
  return id;
}
async function outputOf(id: string): Promise<unknown> {
  const request = { approvalId: `${id}~ask`, decision: 'approve', comment: null, data: null, actor: boss } as const;
  await stack.temporal.update('decide', id, { ...request, channel: 'api' }, { updateId: randomUUID() });
  return (await stack.until(id, ({ endedAt }) => endedAt !== null)).output;
}

beforeAll(async () => {
  stack = await createStack([build('')]);
  await stack.save('builds', DEFINITION);
});
afterAll(() => stack.close());

describe('two builds at once', { timeout: 120_000 }, () => {
  it('executions end on the build they started on, new ones start on the current one; and back again', async () => {
    await work('b1');
    // Made current by itself: it is the first.
    const old = await begin();
    await work('b2');
    const stillOld = await begin();
    expect(await weft('set-current', 'b2')).toMatchObject({ code: 0 });
    const fresh = await begin();
    expect(await Promise.all([old, stillOld, fresh].map(outputOf))).toEqual(['b1 b1', 'b1 b1', 'b2 b2']);
    const { out } = await weft('list', '-o', 'json');
    expect(JSON.parse(out)).toMatchObject([
      { buildId: 'b2', state: 'current' },
      { buildId: 'b1', state: expect.stringMatching(/draining|drained/) },
    ]);
    expect(await weft('set-current', 'b1')).toMatchObject({ code: 0 });
    expect(await outputOf(await begin())).toBe('b1 b1');
  });

  it('says what is missing', async () => {
    expect(await runWeft(['deployments', 'list'], { cwd: '/' })).toMatchObject({
      code: 2,
      err: expect.stringContaining('WEFT_DEPLOYMENT'),
    });
    expect(await weft('set-current')).toMatchObject({ code: 2, err: expect.stringContaining('WEFT_BUILD_ID') });
    expect(() => versioningOf(readConfig({ DATABASE_URL: 'postgres://x', WEFT_BUILD_ID: 'b1' }))).toThrow(
      /belong together/,
    );
  });
});

describe('a long one', { timeout: 120_000 }, () => {
  const taskQueue = `chain-${randomUUID()}`;
  const name = `chain-${randomUUID()}`;
  let native: NativeConnection;
  let workflowBundle: WorkflowBundleWithSourceMap;
  const running: { readonly worker: Worker; readonly done: Promise<void> }[] = [];

  beforeAll(async () => {
    native = await NativeConnection.connect({ address: inject('weft').temporal.address });
    workflowBundle = await bundleWorkflowCode({
      workflowsPath: fileURLToPath(new URL('build.workflow.ts', import.meta.url)),
      logger: new DefaultLogger('ERROR'),
    });
  });
  afterAll(async () => {
    await end();
    await native.close();
  });

  async function start(buildId?: string): Promise<void> {
    const more = buildId === undefined ? {} : { WEFT_DEPLOYMENT: name, WEFT_BUILD_ID: buildId };
    const worker = await Worker.create({
      connection: native,
      namespace: settings().TEMPORAL_NAMESPACE,
      taskQueue,
      workflowBundle,
      activities: { build: () => buildId ?? 'none' },
      ...versioningOf(readConfig({ DATABASE_URL: 'postgres://x', ...more })),
    });
    running.push({ worker, done: worker.run() });
  }

  async function end(): Promise<void> {
    for (const { worker, done } of running.splice(0)) {
      worker.shutdown();
      await done;
    }
  }

  const setCurrent = async (buildId: string) => {
    const args = ['deployments', 'set-current', buildId, '--deployment', name];
    expect(await runWeft(args, { cwd: '/', env: settings() })).toMatchObject({ code: 0 });
  };

  /** Until the latest run waits. */
  async function waits(id: string): Promise<void> {
    await poll(
      () => stack.outside.getHandle(id).fetchHistory(),
      ({ events }) => (events ?? []).some((event) => event.activityTaskCompletedEventAttributes),
    );
  }

  /** Lets the latest run end. */
  async function go(id: string): Promise<void> {
    await waits(id);
    const latest = stack.outside.getHandle(id);
    const { runId } = await latest.describe();
    await latest.signal('go');
    await poll(
      () => latest.describe(),
      (now) => now.runId !== runId || now.status.name === 'COMPLETED',
    );
  }

  const begin = async () => {
    const workflowId = randomUUID();
    await stack.outside.start(chain, { taskQueue, workflowId, args: [2, []] });
    return workflowId;
  };

  it('continues as new without versioning', async () => {
    await start();
    const id = await begin();
    await go(id);
    await go(id);
    expect(await stack.outside.getHandle(id).result()).toEqual(['none none', 'none none']);
    await end();
  });

  it('moves to the current build when it continues as new', async () => {
    await start('b1');
    await setCurrent('b1');
    const id = await begin();
    await waits(id);
    await start('b2');
    await setCurrent('b2');
    await go(id);
    await go(id);
    expect(await stack.outside.getHandle(id).result()).toEqual(['b1 b1', 'b2 b2']);
  });
});
