import { randomUUID } from 'node:crypto';
import type { Scene } from './fault.ts';

/**
 * Lets an execution begin anew after one of its workflow tasks, as the Temporal UI offers it: of one that runs, or has
 * ended. Answers the id of the new run.
 * @throws Error when it has not begun
 */
export async function resetTo({ lab, random }: Pick<Scene, 'lab' | 'random'>, id: string): Promise<string> {
  const handle = lab.temporal.workflow.getHandle(id);
  const [{ runId }, { events }] = await Promise.all([handle.describe(), handle.fetchHistory()]);
  const points = (events ?? []).filter((event) => event.workflowTaskCompletedEventAttributes);
  if (points.length === 0) throw new Error('it has not begun');
  const reset = await lab.temporal.workflowService.resetWorkflowExecution({
    namespace: lab.servers.temporal.namespace,
    workflowExecution: { workflowId: id, runId },
    reason: 'by chaos',
    requestId: randomUUID(),
    workflowTaskFinishEventId: random.pick(points).eventId!,
  });
  return reset.runId;
}
