import type { WorkflowExecutionStatusName } from '@temporalio/client';
import { acceptedAtOf, executionOfWorkflowId } from '../ids.ts';
import { isNotFound } from './as-problem.ts';
import type { Link } from './link.ts';

/** A run as Temporal describes it. */
export type Described = {
  readonly workflowId: string;
  readonly runId: string;
  /** Of the chain that continue-as-new makes. */
  readonly firstRunId: string;
  readonly status: WorkflowExecutionStatusName;
  /** ms; Temporal's clock. */
  readonly startTime: number;
  readonly closeTime: number | null;
  /** Events, so also the last event's id. */
  readonly historyLength: number;
  /** Bytes. */
  readonly historySize: number;
  readonly taskQueue: string;
  /** When the start was accepted, ISO 8601: tells two executions apart that had one id. */
  readonly acceptedAt: string | null;
};

/** Longest wait for one answer, ms. */
const PATIENCE_MS = 3_000;

/**
 * The latest run of a workflow, undefined when Temporal doesn't know it.
 * @throws Problem TEMPORAL_UNAVAILABLE
 */
export async function describeWorkflow(link: Link, workflowId: string): Promise<Described | undefined> {
  try {
    const { raw, ...info } = await link.within(PATIENCE_MS, () => link.workflows.getHandle(workflowId).describe());
    return {
      workflowId,
      runId: info.runId,
      firstRunId: raw.workflowExecutionInfo?.firstRunId || info.runId,
      status: info.status.name,
      startTime: info.startTime.getTime(),
      closeTime: info.closeTime?.getTime() ?? null,
      historyLength: info.historyLength,
      historySize: info.historySize ?? 0,
      taskQueue: info.taskQueue,
      acceptedAt: acceptedAtOf(info.memo?.['acceptedAt'], executionOfWorkflowId(workflowId).executionId) ?? null,
    };
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** Whether a run is of another execution than the one accepted then (ISO 8601), which had its id and was deleted since. */
export function isOfAnother<Run extends Pick<Described, 'acceptedAt'>>(
  run: Run,
  acceptedAt: string,
): run is Run & { readonly acceptedAt: string } {
  return run.acceptedAt !== null && run.acceptedAt !== acceptedAt;
}
