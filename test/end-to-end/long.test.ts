/** Executions that go on through many runs, on a server that advises it after 60 events instead of 4,096. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Json } from '../../src/contract.ts';
import { readConfig } from '../../src/config.ts';
import type { TemporalServer } from '../../src/dev/temporal.ts';
import { startTemporal } from '../../src/dev/temporal.ts';
import type { RunningWorker } from '../../src/start-worker.ts';
import { startWorker } from '../../src/start-worker.ts';
import type { TestDatabase } from '../stack/database.ts';
import { createTestDatabase } from '../stack/database.ts';
import { until } from '../stack/until.ts';
import { planOf, runInputOf } from '../workflows/run-definition.ts';

describe('long executions', () => {
  const directory = mkdtempSync(join(tmpdir(), 'weft-long-'));
  let temporal: TemporalServer;
  let database: TestDatabase;
  let worker: RunningWorker;
  let connection: Connection;
  let client: Client;

  beforeAll(async () => {
    [temporal, database] = await Promise.all([
      startTemporal({
        port: 0,
        uiPort: 0,
        logFile: join(directory, 'temporal.log'),
        dynamicConfig: { 'limit.historyCount.suggestContinueAsNew': 60 },
      }),
      createTestDatabase(),
    ]);
    connection = await Connection.connect({ address: temporal.address });
    client = new Client({ connection });
    const config = readConfig({
      DATABASE_URL: database.url,
      TEMPORAL_ADDRESS: temporal.address,
      WEFT_TASK_QUEUE: 'long',
      WEFT_LOG_LEVEL: 'error',
    });
    worker = await startWorker({ config });
  });
  afterAll(async () => {
    worker.stop();
    await worker.done;
    await connection.close();
    await temporal.stop();
    await database.drop();
    rmSync(directory, { recursive: true, force: true });
  });

  async function start(id: string, definition: string, input: Json = {}) {
    const run = runInputOf(planOf(definition, ['quick', 'transform', 'log']), input);
    return await client.workflow.start(id, {
      taskQueue: 'long',
      workflowId: id,
      args: [{ ...run, execution: { ...run.execution, id, rootId: id, createdAt: new Date().toISOString() } }],
    });
  }

  async function runsOf(workflowId: string): Promise<number> {
    const query = `WorkflowId = '${workflowId}'`;
    const { count } = await client.workflowService.countWorkflowExecutions({ namespace: 'default', query });
    return Number(count);
  }

  it('a foreach over 300 items', async () => {
    const handle = await start(
      'each',
      'tasks: [{ id: each, type: foreach, items: "{% [1..300] %}", tasks: [{ id: a, type: executor, executor: transform, local: false, with: { value: "{% $item * 2 %}" } }] }]',
    );
    expect(await handle.result()).toEqual(Array.from({ length: 300 }, (_, i) => (i + 1) * 2));
    expect(await runsOf('each')).toBeGreaterThan(1);
  });

  it('a loop of 200 iterations, its variables carried', async () => {
    const handle = await start(
      'loop',
      `
      vars: { n: 0 }
      tasks:
        - id: again
          type: loop
          until: "{% $vars.n = 200 %}"
          maxIterations: 1000
          tasks:
            - { id: a, type: executor, executor: transform, local: false, with: { value: "{% $vars.n + 1 %}" } }
            - { id: n, type: set, vars: { n: "{% $tasks.a.output %}" } }
      output: "{% $vars.n %}"`,
    );
    expect(await handle.result()).toBe(200);
    expect(await runsOf('loop')).toBeGreaterThan(10);
  });

  it('an approval that waits through 20 runs keeps who claimed it, its votes, its deadline', async () => {
    const handle = await start(
      'approval',
      'tasks: [{ id: ok, type: approval, title: t, assignees: [a, b, c], quorum: 2, deadline: 1h }]',
    );
    const actor = (id: string) => ({ id, names: [id], groups: [] });
    const about = { approvalId: 'approval~ok' };
    const vote = { ...about, decision: 'approve', comment: null, data: null, channel: 'api' };
    const send = (name: string, request: object, id?: string) =>
      handle.executeUpdate<any, [object]>(name, { args: [request], ...(id === undefined ? {} : { updateId: id }) });
    // Before its first workflow task there is none.
    await until('its first workflow task is over', async () => {
      const { events } = await handle.fetchHistory();
      return events?.some((event) => event.workflowTaskCompletedEventAttributes);
    });
    const first = await send('decide', { ...vote, actor: actor('a') }, 'vote-of-a');
    for (let i = 0; (await runsOf('approval')) < 20; i++) {
      await send(i % 2 === 0 ? 'claim' : 'release', { ...about, actor: actor('b') });
    }
    // The same once more, many runs later: an answer, not a conflict.
    const again = await send('decide', { ...vote, actor: actor('a') }, 'vote-of-a');
    expect(again.votes).toEqual(first.votes);
    expect(again.deadline).toBe(first.deadline);
    await expect(send('decide', { ...vote, actor: actor('a') })).rejects.toThrow();
    await send('decide', { ...vote, actor: actor('c') });
    expect(await handle.result()).toMatchObject({ decision: 'approve', decidedBy: 'c' });
  });
});
