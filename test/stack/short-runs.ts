import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { startTemporal } from '../../src/dev/temporal.ts';

/** A Temporal of its own that advises to go on in another run after few events, instead of 4,096. */
export type ShortRuns = {
  readonly address: string;
  readonly namespace: string;
  readonly client: Client;
  /** How many runs a workflow had so far. */
  readonly runsOf: (workflowId: string) => Promise<number>;
  readonly stop: () => Promise<void>;
};

/** @param events after which it advises it */
export async function startShortRuns(events: number): Promise<ShortRuns> {
  const directory = mkdtempSync(join(tmpdir(), 'weft-short-runs-'));
  const temporal = await startTemporal({
    port: 0,
    uiPort: 0,
    logFile: join(directory, 'temporal.log'),
    dynamicConfig: { 'limit.historyCount.suggestContinueAsNew': events },
  });
  const { address, namespace } = temporal;
  const connection = await Connection.connect({ address });
  const client = new Client({ connection, namespace });
  return {
    address,
    namespace,
    client,
    runsOf: async (workflowId) => (await client.workflow.count(`WorkflowId = '${workflowId}'`)).count,
    stop: async () => {
      await connection.close();
      await temporal.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
