import { isNotFound } from './as-problem.ts';
import type { Link } from './link.ts';
import { toMs } from './proto-values.ts';

/** One of the runs that continue-as-new makes of an execution; `startTime` is in ms, by Temporal's clock. */
export type ChainedRun = {
  readonly runId: string;
  readonly startTime: number;
  /** Somebody reset another run to it. */
  readonly isReset: boolean;
};

export type Chain = {
  readonly runs: readonly ChainedRun[];
  /** False where Temporal has forgotten the first of them. */
  readonly isWhole: boolean;
};

const PATIENCE_MS = 3_000;

/**
 * The runs that continue-as-new made of one execution, from the first to the one given; those that Temporal has forgotten
 * are missing.
 * @throws Problem TEMPORAL_UNAVAILABLE
 */
export async function readChain(link: Link, workflowId: string, lastRunId: string): Promise<Chain> {
  const runs: ChainedRun[] = [];
  for (let runId = lastRunId; runId !== '';) {
    const started = await firstEvent(link, workflowId, runId);
    if (!started) return { runs, isWhole: false };
    const about = started.workflowExecutionStartedEventAttributes;
    const original = about?.originalExecutionRunId ?? '';
    const isReset = original !== '' && original !== runId;
    runs.unshift({ runId, startTime: toMs(started.eventTime) ?? 0, isReset });
    runId = about?.continuedExecutionRunId ?? '';
  }
  return { runs, isWhole: true };
}

async function firstEvent(link: Link, workflowId: string, runId: string) {
  try {
    const { history } = await link.within(PATIENCE_MS, () =>
      link.service.getWorkflowExecutionHistory({
        namespace: link.namespace,
        execution: { workflowId, runId },
        maximumPageSize: 1,
      }),
    );
    return history?.events?.[0];
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
