import { ENGINE_VERSION } from '../contract.ts';
import type { RunInput } from '../contract.ts';
import type { Plan } from '../plan/plan.ts';
import { Problem } from '../problem.ts';
import type { PendingExecution } from '../store/pending-executions.ts';
import type { Temporal } from '../temporal/client.ts';

/** What came of a start: its run, or why Temporal refuses it for good. */
export type Started =
  { readonly runId: string } | { readonly status: 'failed'; readonly code: string; readonly detail: string };

/** What Temporal refuses for good, and the code that the execution fails with. */
const REFUSALS: ReadonlyMap<string, string> = new Map([
  ['INPUT_INVALID', 'PAYLOAD_TOO_LARGE'],
  ['CONFLICT', 'CONFLICT'],
]);

/**
 * Starts an execution; what came of it is to be noted.
 * @throws Problem TEMPORAL_UNAVAILABLE, after which it may be running all the same
 */
export async function startPending(
  parts: { readonly temporal: Temporal; readonly localActivities: boolean },
  execution: PendingExecution,
  { plan, timeout }: { readonly plan: Plan; readonly timeout: number },
): Promise<Started> {
  try {
    const input = runInputOf(execution, plan, parts.localActivities);
    return { runId: await parts.temporal.start(input, { title: plan.title ?? execution.title, timeout }) };
  } catch (error) {
    const code = error instanceof Problem ? REFUSALS.get(error.code) : undefined;
    if (code === undefined) throw error;
    return { status: 'failed', code, detail: (error as Problem).message };
  }
}

function runInputOf(execution: PendingExecution, plan: Plan, localActivities: boolean): RunInput {
  const { tenant, id, rootId, workflow, version, correlationId, createdAt, startedBy, input, parent } = execution;
  return {
    engineVersion: ENGINE_VERSION,
    tenant,
    execution: { id, rootId, workflow, version, correlationId, createdAt: createdAt.toISOString() },
    startedBy,
    plan,
    input,
    localActivities,
    ...(parent && { parent }),
  };
}
