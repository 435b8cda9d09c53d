import type { Client } from '@temporalio/client';
import { until } from '../../test/stack/until.ts';
import type { Figures } from '../sample.ts';

/** What Temporal, where it is there, keeps of an execution that has ended, over all its runs. @throws Error when it doesn't list it */
export async function readHistory(client: Client | undefined, workflowId: string, tasks: number): Promise<Figures> {
  if (client === undefined) return {};
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
    return runs > 0 && open === 0 && { historyBytes: bytes / tasks, historyEvents: events / tasks };
  });
}
