/** Many local activities side by side: their results come one after the other, in a replay many at once. */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Client, Connection } from '@temporalio/client';
import { Worker } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { readConfig } from '../../src/config.ts';
import type { RunningWorker } from '../../src/start-worker.ts';
import { startWorker } from '../../src/start-worker.ts';
import type { TestDatabase } from '../stack/database.ts';
import { createTestDatabase } from '../stack/database.ts';
import { planOf, runInputOf } from '../workflows/run-definition.ts';

const MANY = `
tasks:
  - id: each
    type: foreach
    items: "{% [1..600] %}"
    maxConcurrency: 30
    tasks: [{ id: a, type: executor, executor: transform, local: true, with: { value: "{% $item %}" } }]
`;
/** What comes of a result takes now a short, now a long way to the next call. */
const UNEVEN = `
tasks:
  - id: each
    type: foreach
    items: "{% [1..200] %}"
    maxConcurrency: 30
    tasks:
      - { id: s1, type: set, vars: { x: 1 }, if: "{% $item % 3 = 0 %}" }
      - { id: s2, type: set, vars: { x: 2 }, if: "{% $item % 5 = 0 %}" }
      - { id: a, type: executor, executor: transform, local: true, with: { value: "{% $item %}" } }
      - id: both
        type: parallel
        branches:
          short: [{ id: b, type: executor, executor: log, local: true, with: { message: "item {% $item %}" } }]
          long:
            - { id: s3, type: sequential, tasks: [{ id: s4, type: set, vars: { y: "{% $tasks.a.output %}" } }] }
            - { id: c, type: executor, executor: transform, local: true, with: { value: "{% $item * 2 %}" } }
    output: "{% $result.long %}"
`;

describe('results of local activities', { timeout: 120_000 }, () => {
  const taskQueue = `local-results-${randomUUID()}`;
  let database: TestDatabase;
  let worker: RunningWorker;
  let client: Client;

  beforeAll(async () => {
    const { address, namespace } = inject('weft').temporal;
    database = await createTestDatabase();
    client = new Client({ connection: await Connection.connect({ address }), namespace });
    const config = readConfig({
      DATABASE_URL: database.url,
      TEMPORAL_ADDRESS: address,
      TEMPORAL_NAMESPACE: namespace,
      WEFT_TASK_QUEUE: taskQueue,
      WEFT_LOG_LEVEL: 'error',
    });
    worker = await startWorker({ config });
  });
  afterAll(async () => {
    worker.stop();
    await worker.done;
    await client.connection.close();
    await database.drop();
  });

  it.each([
    ['many', MANY, 600],
    ['uneven', UNEVEN, 200],
  ])('%s: a replay goes the same way', async (name, definition, count) => {
    const id = `${name}-${randomUUID()}`;
    const run = runInputOf(planOf(definition, ['transform', 'log']), {});
    const handle = await client.workflow.start(name, {
      taskQueue,
      workflowId: id,
      args: [{ ...run, execution: { ...run.execution, id, rootId: id, createdAt: new Date().toISOString() } }],
    });
    const doubled = name === 'uneven' ? 2 : 1;
    expect(await handle.result()).toEqual(Array.from({ length: count }, (_, index) => (index + 1) * doubled));
    const sinks = { mirror: { transition: { fn: () => undefined, callDuringReplay: false } } };
    const workflowBundle = { code: readFileSync('.build/workflows.js', 'utf8') };
    await Worker.runReplayHistory({ workflowBundle, sinks }, await handle.fetchHistory(), id);
  });
});
