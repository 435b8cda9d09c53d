/** `weft dev` as a person runs it: a process of its own, killed in every way. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile } from 'node:fs/promises';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, onTestFinished, test, vi } from 'vitest';
import type { Json } from '../../src/contract.ts';
import { findPostgres } from '../../src/dev/postgres.ts';
import { isRunning, markProcess, type ProcessMark } from '../../src/dev/process-mark.ts';
import type { ReadyFile } from '../../src/dev/ready-file.ts';
import { removeTemporaryDirectory } from '../../src/dev/stack-directory.ts';
import { readState } from '../../src/dev/stack-state.ts';
import { isTemporalUp } from '../../src/dev/temporal.ts';
import { createEmptyDatabase } from '../stack/database.ts';
import { until } from './until.ts';

const CLI = join(import.meta.dirname, '..', '..', 'src', 'cli.ts');
const environment = { ...process.env, DATABASE_URL: '', TEMPORAL_ADDRESS: '' };

vi.setConfig({ testTimeout: 120_000 });

let directory: string;
let readyFile: string;
let running: ChildProcess | undefined;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'weft-dev-test-'));
  // PostgreSQL may run as another user, who has to come through here.
  await chmod(directory, 0o755);
  readyFile = join(directory, 'here', 'ready.json');
});

afterAll(async () => {
  await end(running, 'SIGTERM');
  for (const mark of await marks()) if (isRunning(mark)) process.kill(mark.pid, 'SIGKILL');
  await (await findPostgres(join(directory, 'postgres')))?.stop();
  await removeTemporaryDirectory(directory);
});

type Output = ChildProcess & { said: string };

function startDev(options: readonly string[], env: NodeJS.ProcessEnv = {}): Output {
  const child = spawn(process.execPath, ['--import', 'tsx', CLI, 'dev', ...options], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...environment, ...env },
  });
  const output: Output = Object.assign(child, { said: '' });
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output.said += chunk.toString()));
  return output;
}

async function startUntilReady(): Promise<{ ready: ReadyFile; tookMs: number }> {
  const begun = Date.now();
  const child = startDev(['--data', directory, '--ready-file', readyFile]);
  running = child;
  await until(
    'the stack is ready',
    async () => {
      if (child.exitCode !== null) throw new Error(`It ended: ${child.said}`);
      return child.said.includes('Weft is ready') && (await readReady()) !== undefined;
    },
    90_000,
  );
  return { ready: (await readReady())!, tookMs: Date.now() - begun };
}

async function readReady(): Promise<ReadyFile | undefined> {
  return readFile(readyFile, 'utf8').then(
    (text) => JSON.parse(text) as ReadyFile,
    () => undefined,
  );
}

async function end(child: ChildProcess | undefined, signal: NodeJS.Signals): Promise<unknown> {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return child?.exitCode;
  const exited = once(child, 'exit');
  child.kill(signal);
  return (await exited)[0] as unknown;
}

async function marks(): Promise<ProcessMark[]> {
  const { api, worker, temporal } = await readState(directory);
  return [api, worker, temporal].filter((mark) => mark !== undefined);
}

async function works({ api, key }: ReadyFile): Promise<boolean> {
  const headers = { authorization: `Bearer ${key}` };
  const response = await fetch(`${api}/api/v1/workflows`, { headers }).catch(() => undefined);
  return response?.ok ?? false;
}

async function call(ready: ReadyFile, key: 'key' | 'managerKey', method: string, path: string, body?: Json) {
  const headers = { authorization: `Bearer ${ready[key]}`, 'content-type': 'application/json' };
  const response = await fetch(`${ready.api}/api/v1${path}`, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${answer}`);
  return JSON.parse(answer);
}

test('it starts, says where, and saves the examples; a second start on its data is refused', async () => {
  const { ready } = await startUntilReady();
  const response = await fetch(`${ready.api}/api/v1/workflows`, {
    headers: { authorization: `Bearer ${ready.managerKey}` },
  });
  const { items } = (await response.json()) as { items: { name: string }[] };
  expect(items.map(({ name }) => name)).toContain('hello');
  expect((running as Output).said).not.toContain(new URL(ready.database).password);
  const second = startDev(['--data', directory]);
  const [code] = (await once(second, 'exit')) as [number];
  expect(code).not.toBe(0);
  expect(second.said).toContain('A stack already runs on');
  expect(await works(ready)).toBe(true);
});

test.each(['api', 'worker', 'temporal', 'postgres'] as const)(
  '%s comes back after kill -9 on the same port',
  async (name) => {
    const before = (await readReady())!;
    process.kill(before.pids[name]!, 'SIGKILL');
    await until(`${name} is back`, async () => (await readReady())?.pids[name] !== before.pids[name]);
    await until('it works again', async () => works((await readReady())!));
    const after = (await readReady())!;
    expect({ ...after, pids: null }).toEqual({ ...before, pids: null });
    expect(markProcess(after.pids[name]!)).toBeDefined();
  },
);

test('after kill -9 of the supervisor the next start goes on with the same servers, ports and keys', async () => {
  const before = (await readReady())!;
  await end(running, 'SIGKILL');
  const { ready } = await startUntilReady();
  expect({ ...ready, pids: null }).toEqual({ ...before, pids: null });
  expect(ready.pids).toMatchObject({ postgres: before.pids.postgres, temporal: before.pids.temporal });
  expect(markProcess(before.pids.api)).toBeUndefined();
  expect(await works(ready)).toBe(true);
});

test('another stack runs beside it, on the next ports, and leaves nothing behind', async () => {
  const ready = (await readReady())!;
  const child = startDev(['--ephemeral', '--port', new URL(ready.api).port]);
  await until('the other is ready', () => child.said.includes('Weft is ready'), 90_000);
  expect(child.said).not.toContain(`${ready.api}/`);
  expect(await end(child, 'SIGINT')).toBe(0);
  const [, other] = /in full: (\S+)\/ready\.json/.exec(child.said) ?? [];
  await expect(readFile(join(other!, 'stack.json'))).rejects.toThrow('ENOENT');
  expect(await works(ready)).toBe(true);
});

test('SIGTERM stops all of it; a warm start has the same keys within 10 s, and what waited still waits', async () => {
  const before = (await readReady())!;
  await call(before, 'key', 'PUT', '/workflows/waits', {
    tasks: [{ id: 'ask', type: 'approval', title: 'Go on?', assignees: ['manager'] }],
  });
  const { id } = await call(before, 'key', 'POST', '/executions', { workflow: 'waits' });
  await until(
    'it waits',
    async () => (await call(before, 'key', 'GET', `/executions/${id}`)).currentTasks[0] === '/ask',
  );

  expect(await end(running, 'SIGTERM')).toBe(0);
  for (const pid of Object.values(before.pids)) expect(markProcess(pid!)).toBeUndefined();
  expect(await readReady()).toBeUndefined();
  const { ready, tookMs } = await startUntilReady();
  expect({ ...ready, pids: null }).toEqual({ ...before, pids: null });
  // On a machine that is busy with much else, only that it starts.
  expect(tookMs).toBeLessThan(loadavg()[0]! > 2 * availableParallelism() ? 60_000 : 10_000);

  const [approval] = (await call(ready, 'managerKey', 'GET', '/approvals?status=open')).items;
  await call(ready, 'managerKey', 'POST', `/approvals/${approval.id}/decision`, { decision: 'approve' });
  expect(await call(ready, 'key', 'GET', `/executions/${id}?wait=30s`)).toMatchObject({ status: 'success' });
});

test('servers that the environment names are used, and left alone at the end', async () => {
  const { temporal } = inject('weft');
  const database = await createEmptyDatabase();
  onTestFinished(database.drop);
  const child = startDev(['--ephemeral'], {
    DATABASE_URL: database.superuserUrl,
    TEMPORAL_ADDRESS: temporal.address,
    WEFT_TASK_QUEUE: `weft-${String(process.pid)}`,
  });
  await until('it is ready', () => child.said.includes('Weft is ready'), 90_000);
  const [, other] = /in full: (\S+)\/ready\.json/.exec(child.said) ?? [];
  const ready = JSON.parse(await readFile(join(other!, 'ready.json'), 'utf8')) as ReadyFile;
  expect(ready.pids).toMatchObject({ postgres: null, temporal: null });
  await call(ready, 'key', 'PUT', '/workflows/one', { tasks: [{ id: 'one', type: 'set', vars: { one: 1 } }] });
  const { id } = await call(ready, 'key', 'POST', '/executions', { workflow: 'one' });
  expect(await call(ready, 'key', 'GET', `/executions/${id}?wait=30s`)).toMatchObject({ status: 'success' });
  expect(await end(child, 'SIGTERM')).toBe(0);
  expect(await isTemporalUp(temporal.address, temporal.namespace)).toBe(true);
});
