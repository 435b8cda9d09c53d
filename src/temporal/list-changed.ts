import proto from '@temporalio/proto';
import type { temporal } from '@temporalio/proto';
import type { Link } from './link.ts';
import { toMs } from './proto-values.ts';

/** A run that was started or closed lately, as the visibility store has it: it may lag behind. */
export type Listed = {
  readonly workflowId: string;
  readonly runId: string;
  readonly isOpen: boolean;
  /** ms; Temporal's clock. */
  readonly startTime: number;
  readonly closeTime: number | null;
};

/** One answer, while Temporal is busy with much else, has to come within its time. */
const PAGE_SIZE = 250;
const PATIENCE_MS = 5_000;
const { WORKFLOW_EXECUTION_STATUS_RUNNING: RUNNING, WORKFLOW_EXECUTION_STATUS_PAUSED: PAUSED } =
  proto.temporal.api.enums.v1.WorkflowExecutionStatus;

/**
 * The runs of this task queue that started or ended since a time of Temporal's clock; a run that goes on as another has
 * not ended, and the other is there. Found by queue, as their types are definitions' names; not in order, which SQL
 * visibility refuses.
 * @throws Problem TEMPORAL_UNAVAILABLE
 */
export async function listChanged(link: Link, since: Date): Promise<readonly Listed[]> {
  const after = since.toISOString();
  const listed: Listed[] = [];
  const changed = `ExecutionStatus != 'ContinuedAsNew' AND (CloseTime > '${after}' OR StartTime > '${after}')`;
  for await (const page of pages(link, changed)) listed.push(...page);
  return listed;
}

/**
 * The latest runs of this task queue, page by page, in no order: those that are open, or all that Temporal remembers.
 * @throws Problem TEMPORAL_UNAVAILABLE
 */
export function listRuns(link: Link, which: 'open' | 'all'): AsyncGenerator<readonly Listed[]> {
  return pages(link, which === 'open' ? "ExecutionStatus = 'Running'" : "ExecutionStatus != 'ContinuedAsNew'");
}

async function* pages(link: Link, condition: string): AsyncGenerator<readonly Listed[]> {
  const query = `TaskQueue = '${link.taskQueue.replaceAll("'", "''")}' AND ${condition}`;
  let nextPageToken: Uint8Array | undefined;
  do {
    const page = await link.within(PATIENCE_MS, () =>
      link.service.listWorkflowExecutions({
        namespace: link.namespace,
        pageSize: PAGE_SIZE,
        query,
        ...(nextPageToken && { nextPageToken }),
      }),
    );
    yield page.executions.map(toListed);
    nextPageToken = page.nextPageToken.length > 0 ? page.nextPageToken : undefined;
  } while (nextPageToken);
}

function toListed(info: temporal.api.workflow.v1.IWorkflowExecutionInfo): Listed {
  return {
    workflowId: info.execution?.workflowId ?? '',
    runId: info.execution?.runId ?? '',
    isOpen: info.status === RUNNING || info.status === PAUSED,
    startTime: toMs(info.startTime) ?? 0,
    closeTime: toMs(info.closeTime),
  };
}
