import type { Client } from '@temporalio/client';
import { until } from '../../test/stack/until.ts';

/** Of an execution's chain of runs. */
export type History = { readonly bytes: number; readonly events: number };

/** Sums up what Temporal keeps of an execution that has ended, over all its runs. @throws Error when Temporal doesn't list it */
export async function readHistory(client: Client, workflowId: string): Promise<History> {
  return await until(`${workflowId} is listed as ended`, async () => {
    let bytes = 0;
    let events = 0;
    let open = 0;
    let runs = 0;
    for await (const run of client.workflow.list({ query: `WorkflowId = '${workflowId}'` })) {
      runs++;
      if (run.closeTime === undefined) open++;
      bytes += run.historySize ?? 0;
      events += run.historyLength;
    }
    return runs > 0 && open === 0 && { bytes, events };
  });
}
