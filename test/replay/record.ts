/** Records the histories that `replay.test.ts` replays: `npm run record -- ADDRESS`, once per release. */
import { readFileSync, writeFileSync } from 'node:fs';
import { argv } from 'node:process';
import { ApplicationFailure } from '@temporalio/common';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { HAND_OVER } from '../../src/contract.ts';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { compile } from '../../src/definition/compile.ts';
import { runInputOf } from '../workflows/run-definition.ts';
import { recordings } from './recordings.ts';

const [, , address = '127.0.0.1:7233'] = argv;
const taskQueue = `record-${Date.now()}`;
const catalog = ['http', 'transform', 'log', 'failing'].map((name) => ({
  name,
  local: name === 'transform' || name === 'log',
  inputSchema: {},
  defaults: undefined,
}));
const connection = await NativeConnection.connect({ address });
const worker = await Worker.create({
  connection,
  taskQueue,
  workflowBundle: { code: readFileSync('.build/workflows.js', 'utf8') },
  activities: {
    http: (input: unknown) => Promise.resolve({ status: 200, headers: {}, body: input }),
    transform: ({ value }: { value: unknown }) => Promise.resolve(value),
    log: () => Promise.resolve(null),
    failing: () =>
      Promise.reject(ApplicationFailure.create({ type: 'FAILING', message: 'on purpose', details: [{ attempt: 1 }] })),
    [HAND_OVER]: () => Promise.resolve(),
  },
  sinks: { mirror: { transition: { fn: () => undefined, callDuringReplay: false } } },
});
const client = new Client({ connection: await Connection.connect({ address }) });

await worker.runUntil(async () => {
  for (const { name, definition, input, drive } of recordings) {
    const compiled = compile(definition, { format: 'yaml', name, version: '1', catalog });
    if (!compiled.ok) throw new Error(`${name}: ${JSON.stringify(compiled.problems)}`);
    const workflowId = `${name}-${Date.now()}`;
    const run = runInputOf(compiled.plan, input);
    const handle = await client.workflow.start(name, {
      taskQueue,
      workflowId,
      args: [{ ...run, execution: { ...run.execution, id: workflowId, rootId: workflowId } }],
    });
    await new Promise((resolve) => setTimeout(resolve, 200));
    await drive?.(handle);
    await handle.result().catch(() => undefined);
    writeFileSync(`test/replay/histories/${name}.json`, `${historyToJSON(await handle.fetchHistory())}\n`);
    console.error(`${name}: ${(await handle.describe()).status.name}`);
  }
});
await client.connection.close();
await connection.close();
