import { join } from 'node:path';
import { startPostgres } from '../../src/dev/postgres.ts';
import { markProcess } from '../../src/dev/process-mark.ts';
import { openTemporaryDirectory, removeTemporaryDirectory } from '../../src/dev/stack-directory.ts';
import { writeState } from '../../src/dev/stack-state.ts';
import { startTemporal } from '../../src/dev/temporal.ts';

export type TestStack = {
  readonly postgres: { readonly superuserUrl: string };
  readonly temporal: { readonly address: string; readonly namespace: string; readonly uiUrl: string };
};

/** Both servers on ports of their own, in a temporary directory that goes with them; what a crashed run left is cleaned up. */
export async function startTestStack(): Promise<{ stack: TestStack; stop: () => Promise<void> }> {
  const directory = await openTemporaryDirectory('weft-test-');
  const supervisor = { supervisor: markProcess(process.pid)!, ports: {}, examples: {} };
  await writeState(directory, supervisor);
  const [postgres, temporal] = await Promise.all([
    startPostgres({ dataDirectory: join(directory, 'postgres'), port: 0, durable: false }),
    startTemporal({ port: 0, uiPort: 0, logFile: join(directory, 'temporal.log') }),
  ]);
  await writeState(directory, { ...supervisor, temporal: temporal.mark });
  return {
    stack: {
      postgres: { superuserUrl: postgres.url },
      temporal: { address: temporal.address, namespace: temporal.namespace, uiUrl: temporal.uiUrl },
    },
    stop: async () => {
      await Promise.all([postgres.stop(), temporal.stop()]);
      await removeTemporaryDirectory(directory);
    },
  };
}
