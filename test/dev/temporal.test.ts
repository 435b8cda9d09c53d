import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { expect, onTestFinished, test } from 'vitest';
import { isRunning } from '../../src/dev/process-mark.ts';
import { isTemporalUp, startTemporal, type TemporalOptions } from '../../src/dev/temporal.ts';
import { temporaryDirectory } from './temporary.ts';

async function start(options: TemporalOptions) {
  const server = await startTemporal({ port: 0, uiPort: 0, ...options });
  onTestFinished(() => server.stop());
  return server;
}

test('it keeps its executions over a kill on the same ports; a second one moves to the next ports', async () => {
  const directory = temporaryDirectory();
  const options = { dataFile: join(directory, 'temporal.db'), logFile: join(directory, 'temporal.log') };
  const first = await start(options);
  const connection = await Connection.connect({ address: first.address });
  onTestFinished(() => connection.close());
  const { workflow } = new Client({ connection });
  await workflow.start('waits', { workflowId: 'kept', taskQueue: 'nobody', args: [] });

  const { port, uiPort } = first;
  const beside = await start({ logFile: join(directory, 'beside.log'), port, uiPort });
  expect(beside.port).toBeGreaterThan(port);
  expect(beside.uiPort).not.toBe(uiPort);
  expect((await fetch(beside.uiUrl)).status).toBe(200);

  process.kill(first.pid, 'SIGKILL');
  await expect.poll(() => isRunning(first.mark)).toBe(false);
  const again = await start({ ...options, port, uiPort });
  expect([again.port, again.uiPort]).toEqual([port, uiPort]);
  expect((await workflow.getHandle('kept').describe()).status.name).toBe('RUNNING');
  await again.stop();
  expect(isRunning(again.mark)).toBe(false);
  expect(await isTemporalUp(again.address, 'default')).toBe(false);
});

test('what it says is in the error when it does not start', async () => {
  const directory = temporaryDirectory();
  const failing = startTemporal({ port: 0, uiPort: 0, logFile: join(directory, 'log'), dataFile: directory });
  await expect(failing).rejects.toThrow(/Temporal doesn't start:\n.*database/is);
});
