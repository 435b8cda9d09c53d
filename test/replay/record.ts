/** Records the histories of this engine version that `replay.test.ts` replays and that aren't there yet: `npm run record`, before a release. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import type { WorkflowHandle } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { NativeConnection, Worker } from '@temporalio/worker';
import { ENGINE_VERSION } from '../../src/contract.ts';
import { compile } from '../../src/definition/compile.ts';
import { openTemporaryDirectory, removeTemporaryDirectory } from '../../src/dev/stack-directory.ts';
import { startTemporal } from '../../src/dev/temporal.ts';
import { runInputOf } from '../workflows/run-definition.ts';
import { catalog, createActivities } from './record-activities.ts';
import type { Recording } from './recordings.ts';
import { recordings } from './recordings.ts';

/** Events after which a server advises another run: of an ordinary one, and of one that wants `continued` ones. */
const ORDINARY = { 'limit.historyCount.suggestContinueAsNew': 4_096 };
const IMPATIENT = { 'limit.historyCount.suggestContinueAsNew': 30 };

const nothing = { fn: () => undefined };
const fileOf = (name: string): URL => new URL(`histories/${ENGINE_VERSION}/${name}.json`, import.meta.url);
const missing = recordings.filter(({ name }) => !existsSync(fileOf(name)));
mkdirSync(new URL('.', fileOf('')), { recursive: true });
const directory = await openTemporaryDirectory('weft-record-');
await recordOn(
  ORDINARY,
  missing.filter(({ isContinued }) => isContinued !== true),
);
await recordOn(
  IMPATIENT,
  missing.filter(({ isContinued }) => isContinued === true),
);
await removeTemporaryDirectory(directory);

async function recordOn(dynamicConfig: { readonly [key: string]: number }, list: readonly Recording[]): Promise<void> {
  if (list.length === 0) return;
  const server = await startTemporal({ port: 0, uiPort: 0, logFile: join(directory, 'temporal.log'), dynamicConfig });
  const connection = await NativeConnection.connect({ address: server.address });
  const client = new Client({ connection: await Connection.connect({ address: server.address }) });
  const worker = await Worker.create({
    connection,
    taskQueue: 'record',
    workflowBundle: { code: readFileSync('.build/workflows.js', 'utf8') },
    activities: createActivities(client.workflow),
    sinks: { mirror: { transition: nothing, handOver: nothing, handOverAhead: nothing, barrier: nothing } },
  });
  await worker.runUntil(async () => {
    for (const recording of list) await record(client, recording);
  });
  await client.connection.close();
  await connection.close();
  await server.stop();
}

async function record(client: Client, { name, definition, input, drive, isContinued }: Recording): Promise<void> {
  const compiled = compile(definition, { format: 'yaml', name, version: '1', catalog });
  if (!compiled.ok) throw new Error(`${name}: ${JSON.stringify(compiled.problems)}`);
  const run = runInputOf(compiled.plan, input);
  const handle: WorkflowHandle = await client.workflow.start(name, {
    taskQueue: 'record',
    workflowId: name,
    args: [{ ...run, execution: { ...run.execution, id: name, rootId: name } }],
  });
  await new Promise((resolve) => setTimeout(resolve, 300));
  await drive?.(client.workflow.getHandle(name));
  await handle.result().catch(() => undefined);
  const runs: string[] = [];
  for await (const one of client.workflow.list({ query: `WorkflowId = '${name}'` })) runs.unshift(one.runId);
  const kept = client.workflow.getHandle(name, isContinued === true ? runs[1] : undefined);
  const history = await kept.fetchHistory();
  // Where it was recorded is nobody's business.
  writeFileSync(fileOf(name), `${historyToJSON(history).replaceAll(`${process.cwd()}/`, '')}\n`);
  const { status } = await kept.describe();
  console.error(`${name}: ${status.name}, run ${isContinued === true ? '2' : '1'} of ${runs.length}`);
}
