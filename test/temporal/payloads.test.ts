import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import type { WorkflowHandle } from '@temporalio/client';
import {
  bundleWorkflowCode,
  DefaultLogger,
  makeTelemetryFilterString,
  NativeConnection,
  Runtime,
  Worker,
} from '@temporalio/worker';
import type { WorkflowBundleWithSourceMap } from '@temporalio/worker';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { createDatabase } from '../../src/store/database.ts';
import type { Database } from '../../src/store/database.ts';
import { createPayloadStore } from '../../src/store/payloads.ts';
import { asProblem } from '../../src/temporal/as-problem.ts';
import { createDataConverter } from '../../src/temporal/payloads.ts';
import { resolvePayloads } from '../../src/temporal/resolve-payloads.ts';
import { ask } from '../migrations/catalog.ts';
import { createTestDatabase } from '../stack/database.ts';
import type { TestDatabase } from '../stack/database.ts';
import { createTcpProxy } from '../stack/tcp-proxy.ts';
import type { TcpProxy } from '../stack/tcp-proxy.ts';
import { carry, listen, manyLocal, narrow, wide } from './large.workflow.ts';

const MB = 1_000_000;
const taskQueue = `payloads-${randomUUID()}`;
let place: TestDatabase;
let postgres: TcpProxy;
let database: Database;
let client: Client;
let native: NativeConnection;
let workflowBundle: WorkflowBundleWithSourceMap;
let running: Promise<void>;
let worker: Worker;
let made = 0;

const converter = (patience: number) => createDataConverter(createPayloadStore(database), { patience });

beforeAll(async () => {
  Runtime.install({
    logger: new DefaultLogger('ERROR'),
    telemetryOptions: { logging: { filter: makeTelemetryFilterString({ core: 'ERROR', other: 'ERROR' }) } },
  });
  place = await createTestDatabase();
  const url = new URL(place.url);
  postgres = await createTcpProxy({ host: url.hostname, port: Number(url.port) });
  url.port = String(postgres.port);
  database = createDatabase({ url: url.href, name: 'payloads-test' });
  const { address, namespace } = inject('weft').temporal;
  client = new Client({ connection: await Connection.connect({ address }), namespace, dataConverter: converter(0) });
  native = await NativeConnection.connect({ address });
  workflowBundle = await bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL('large.workflow.ts', import.meta.url)),
    logger: new DefaultLogger('ERROR'),
  });
  worker = await Worker.create({
    connection: native,
    namespace,
    taskQueue,
    workflowBundle,
    dataConverter: converter(30_000),
    activities: { make: ({ bytes }: { bytes: number }) => (made++, 'r'.repeat(bytes)) },
  });
  running = worker.run();
});
afterAll(async () => {
  worker.shutdown();
  await running;
  await native.close();
  await client.connection.close();
  await database.close();
  await postgres.close();
  await place.drop();
});

function options(...args: unknown[]) {
  return { taskQueue, workflowId: `large-${randomUUID()}`, args: args as never };
}

/** Of the history as Temporal has it. */
async function sizeOf(handle: WorkflowHandle): Promise<number> {
  return (await handle.describe()).historySize ?? 0;
}

const rowsOf = (id: string) =>
  ask<{ size: number; content_type: string }>(
    place.superuserUrl,
    `select size::int, content_type from weft.payloads where tenant_id = 'default' and execution_id = '${id}' order by size`,
  );

it('inputs and results side by side, each of 1.8 MB, take almost no room in the history', async () => {
  const handle = await client.workflow.start(wide, options(5, 1.8 * MB));
  expect(await handle.result()).toBe(5);
  // 30 events; the five alone are 18 MB.
  expect(await sizeOf(handle)).toBeLessThan(20_000);
  expect(await rowsOf(handle.workflowId)).toHaveLength(10);
});

it('the input of an execution, its result and that of a local activity', async () => {
  const handle = await client.workflow.start(narrow, options(1.5 * MB));
  expect(await handle.result()).toHaveLength(1.5 * MB);
  expect(await sizeOf(handle)).toBeLessThan(10_000);
  // The same value twice is one row.
  expect(await rowsOf(handle.workflowId)).toEqual([{ size: 1.5 * MB + 2, content_type: 'application/json' }]);
});

it.each([
  ['inputs and results', wide],
  ['results of local activities', manyLocal],
])('of many small %s, what has no room in a message of 4 MB', async (_, workflow) => {
  const handle = await client.workflow.start(workflow, options(60, 100_000));
  expect(await handle.result()).toBe(60);
  expect(await sizeOf(handle)).toBeLessThan(4 * MB);
  expect((await rowsOf(handle.workflowId)).length).toBeGreaterThan(0);
});

it('8 MB are carried from run to run', async () => {
  const handle = await client.workflow.start(carry, options(3, 'c'.repeat(8 * MB)));
  expect(await handle.result()).toBe(8 * MB);
  expect(await sizeOf(client.workflow.getHandle(handle.workflowId))).toBeLessThan(10_000);
  expect(await rowsOf(handle.workflowId)).toHaveLength(1);
});

it('what updates and signals bring, and their answers', async () => {
  const handle = await client.workflow.start(listen, options());
  const text = 'u'.repeat(3 * MB);
  expect(await handle.executeUpdate('echo', { args: [text] })).toHaveLength(3 * MB);
  await handle.signal('bring', 's'.repeat(3 * MB));
  expect(await handle.result()).toHaveLength(3 * MB);
  expect(await sizeOf(handle)).toBeLessThan(10_000);
});

it('small values stay in the history', async () => {
  const handle = await client.workflow.start(narrow, options(100_000));
  expect(await handle.result()).toHaveLength(100_000);
  expect(await rowsOf(handle.workflowId)).toEqual([]);
});

it('a history is read, and replayed, with the values in their places', async () => {
  const handle = await client.workflow.start(wide, options(1, 1.5 * MB));
  await handle.result();
  const replay = async (history: object, dataConverter: object) => {
    const histories = [{ workflowId: handle.workflowId, history }];
    const errors: unknown[] = [];
    for await (const { error } of Worker.runReplayHistories({ workflowBundle, dataConverter }, histories)) {
      errors.push(error);
    }
    return errors;
  };
  const history = await handle.fetchHistory();
  expect(await replay(history, converter(0))).toEqual([undefined]);
  await resolvePayloads(history.events ?? [], converter(0));
  const completed = history.events?.find((event) => event.activityTaskCompletedEventAttributes);
  expect(completed?.activityTaskCompletedEventAttributes?.result?.payloads?.[0]?.data).toHaveLength(1.5 * MB + 2);
  expect(await replay(history, {})).toEqual([undefined]);
});

it('a value that is lost reads as null', async () => {
  const handle = await client.workflow.start(narrow, options(1.5 * MB));
  await handle.result();
  await ask(place.superuserUrl, `delete from weft.payloads where execution_id = '${handle.workflowId}'`);
  const events = (await handle.fetchHistory()).events ?? [];
  await resolvePayloads(events, converter(0));
  expect(events.at(-1)?.workflowExecutionCompletedEventAttributes?.result?.payloads?.[0]?.data).toEqual(
    new Uint8Array(Buffer.from('null')),
  );
});

it('with PostgreSQL away work waits for it, and nothing fails or is done twice', async () => {
  made = 0;
  await postgres.away();
  // No input is stored by the client: the workflow's own commands are.
  const away = Promise.all([
    client.workflow.start(wide, options(2, 1.8 * MB)),
    client.workflow.start(narrow, options(0.5 * MB)),
  ]);
  const [large, small] = await away;
  // Small enough to stand in the reference itself.
  await expect(client.workflow.getHandle(small.workflowId).result()).resolves.toHaveLength(0.5 * MB);
  expect(await rowsOf(small.workflowId)).toEqual([]);
  expect((await large.describe()).status.name).toBe('RUNNING');
  await postgres.back();
  expect(await large.result()).toBe(2);
  expect(made).toBe(3);
});

it('with PostgreSQL away a start with a large input is refused', async () => {
  await postgres.away();
  const start = client.workflow.start(carry, options(0, 'c'.repeat(MB)));
  await expect(start.catch(asProblem)).resolves.toMatchObject({ code: 'DATABASE_UNAVAILABLE' });
  await postgres.back();
});
