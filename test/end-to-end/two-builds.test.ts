/** Two builds at once, the second with an interpreter that can't replay what the first began. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { defineExecutor } from '../../activities/define-executor.ts';
import { readConfig } from '../../src/config.ts';
import { versioningOf } from '../../src/start-worker.ts';
import { runWeft } from '../cli/run-weft.ts';
import type { Stack } from '../reconcile/stack.ts';
import { createStack } from '../reconcile/stack.ts';
import type { ShortRuns } from '../stack/short-runs.ts';
import { startShortRuns } from '../stack/short-runs.ts';

const OLD_BUNDLE = '.build/workflows.js';
const bundle = vi.hoisted(() => ({ file: '' }));
vi.mock(import('../../src/temporal/find-bundle.ts'), () => ({ findBundle: () => bundle.file }));

/** Says which build ran it. */
const build = (name: string) =>
  defineExecutor({ name: 'build', description: '', input: z.unknown(), run: () => Promise.resolve(name) });

const SHORT = `
tasks:
  - { id: first, type: executor, executor: build }
  - { id: ask, type: approval, title: May I go on, assignees: [boss] }
  - { id: last, type: executor, executor: build }
output: [ "{% $tasks.first.output %}", "{% $tasks.last.output %}" ]
`;
/** Long enough for several runs, with an approval that is open through all of them. */
const LONG = `
vars: { seen: [] }
tasks:
  - id: both
    type: parallel
    branches:
      wait: [{ id: last, type: approval, title: Is it done, assignees: [boss] }]
      work:
        - { id: begin, type: executor, executor: build }
        - { id: ask, type: approval, title: May I go on, assignees: [boss] }
        - id: turns
          type: loop
          maxIterations: 60
          until: "{% $index = 59 %}"
          tasks:
            - { id: turn, type: executor, executor: build }
            - { id: see, type: set, vars: { seen: "{% $append($vars.seen, $tasks.turn.output) %}" } }
        - { id: end, type: set, vars: {}, output: "{% $vars.seen %}" }
output: "{% $tasks.both.output.work %}"
`;
const boss = { id: 'boss', names: ['boss'], groups: [] };

let temporal: ShortRuns;
let stack: Stack;
const deployment = `weft-${randomUUID()}`;
const directory = mkdtempSync(join(tmpdir(), 'weft-builds-'));
const NEW_BUNDLE = join(directory, 'workflows.js');

const settings = () => ({
  TEMPORAL_ADDRESS: temporal.address,
  TEMPORAL_NAMESPACE: temporal.namespace,
  WEFT_DEPLOYMENT: deployment,
});
const weft = (...args: string[]) => runWeft(['deployments', ...args], { cwd: '/', env: settings() });

async function work(name: string, file: string): Promise<void> {
  bundle.file = file;
  await stack.work({ WEFT_DEPLOYMENT: deployment, WEFT_BUILD_ID: name }, [build(name)]);
}
async function makeCurrent(name: string): Promise<void> {
  expect(await weft('set-current', name)).toMatchObject({ code: 0 });
}
async function begin(name: string): Promise<string> {
  const id = await stack.start(name);
  await stack.until(id, ({ currentTasks }) => currentTasks.some((path) => path.endsWith('/ask')));
  return id;
}
async function approve(id: string, place: string): Promise<void> {
  const request = { approvalId: `${id}~${place}`, decision: 'approve', comment: null, data: null } as const;
  const more = { actor: boss, channel: 'api' } as const;
  await stack.temporal.update('decide', id, { ...request, ...more }, { updateId: randomUUID() });
}
const ended = (id: string) => stack.until(id, ({ endedAt }) => endedAt !== null, 60_000);
/** Activity ids of a run of an execution. */
async function activitiesOf(id: string, runId?: string): Promise<readonly string[]> {
  const { events } = await temporal.client.workflow.getHandle(id, runId).fetchHistory();
  return (events ?? []).flatMap((event) => event.activityTaskScheduledEventAttributes?.activityId ?? []);
}

beforeAll(async () => {
  const code = readFileSync(OLD_BUNDLE, 'utf8');
  const changed = code.replaceAll('activityId: call.id', 'activityId: `new${call.id}`');
  expect(changed).not.toBe(code);
  writeFileSync(NEW_BUNDLE, changed);
  temporal = await startShortRuns(150);
  stack = await createStack([build('')], temporal);
  await stack.save('short', SHORT);
  await stack.save('long', LONG);
});
afterAll(async () => {
  await stack.close();
  await temporal.stop();
  rmSync(directory, { recursive: true });
});

describe('two builds at once', { timeout: 120_000 }, () => {
  it('executions end on the build they started on, new ones start on the current one, long ones move; and back again', async () => {
    await work('b1', OLD_BUNDLE);
    // Made current by itself: it is the first.
    const old = await begin('short');
    const long = await begin('long');
    await work('b2', NEW_BUNDLE);
    const stillOld = await begin('short');
    await makeCurrent('b2');
    const fresh = await begin('short');
    const all = [old, stillOld, fresh];
    await Promise.all(all.map((id) => approve(id, 'ask')));
    const outputs = (await Promise.all(all.map(ended))).map(({ output }) => output);
    expect(outputs).toEqual([
      ['b1', 'b1'],
      ['b1', 'b1'],
      ['b2', 'b2'],
    ]);
    expect(await activitiesOf(old)).toEqual(expect.arrayContaining(['/first', '/last']));
    expect(await activitiesOf(fresh)).toEqual(expect.arrayContaining(['new/first', 'new/last']));

    const { runId: first } = await temporal.client.workflow.getHandle(long).describe();
    await approve(long, 'both.work.ask');
    await stack.until(long, ({ currentTasks }) => currentTasks.every((path) => path === '/both/wait/last'), 60_000);
    await approve(long, 'both.wait.last');
    const { output, status } = await ended(long);
    const seen = output as string[];
    expect(status).toBe('success');
    console.log(
      `${await temporal.runsOf(long)} runs, ${seen.filter((name) => name === 'b1').length} of 60 turns on b1`,
    );
    expect(seen).toHaveLength(60);
    expect(seen).toEqual(seen.toSorted());
    expect(new Set(seen)).toEqual(new Set(['b1', 'b2']));
    expect(await activitiesOf(long, first)).toContain('/both/work/begin');
    expect(await activitiesOf(long)).toContain('new/both/work/turns[59]/turn');

    const { out } = await weft('list', '-o', 'json');
    expect(JSON.parse(out)).toMatchObject([
      { buildId: 'b2', state: 'current' },
      { buildId: 'b1', state: expect.stringMatching(/draining|drained/) },
    ]);
    await makeCurrent('b1');
    const again = await begin('short');
    await approve(again, 'ask');
    expect(await ended(again)).toMatchObject({ output: ['b1', 'b1'] });
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
