import { ENGINE_VERSION } from '../contract.ts';
import type { RunInput } from '../contract.ts';
import type { Plan } from '../plan/plan.ts';
import { Problem } from '../problem.ts';
import type { Session } from '../store/database.ts';
import { endUnstarted, markStarted } from '../store/pending-executions.ts';
import type { PendingExecution } from '../store/pending-executions.ts';
import type { Temporal } from '../temporal/client.ts';

/**
 * Starts an execution whose row the session has locked, and notes its run; one that Temporal refuses for good ends
 * failed. Returns the run id, undefined when it was refused.
 * @throws Problem TEMPORAL_UNAVAILABLE, after which it may be running all the same
 */
export async function startPending(
  parts: { readonly temporal: Temporal; readonly localActivities: boolean },
  session: Session,
  execution: PendingExecution,
  { plan, timeout }: { readonly plan: Plan; readonly timeout: number },
): Promise<string | undefined> {
  const { tenant, id } = execution;
  try {
    const input = runInputOf(execution, plan, parts.localActivities);
    const runId = await parts.temporal.start(input, { title: plan.title ?? execution.title, timeout });
    await markStarted(session, tenant, id, runId);
    return runId;
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'INPUT_INVALID') throw error;
    await endUnstarted(session, execution, {
      status: 'failed',
      code: 'PAYLOAD_TOO_LARGE',
      detail: error.message,
      isConfirmed: true,
    });
    return undefined;
  }
}

function runInputOf(execution: PendingExecution, plan: Plan, localActivities: boolean): RunInput {
  const { tenant, id, rootId, workflow, version, correlationId, createdAt, startedBy, input } = execution;
  return {
    engineVersion: ENGINE_VERSION,
    tenant,
    execution: { id, rootId, workflow, version, correlationId, createdAt: createdAt.toISOString() },
    startedBy,
    plan,
    input,
    localActivities,
  };
}
