import { checkInput } from '../definition/check-input.ts';
import type { CatalogEntry } from '../definition/compile.ts';
import { workflowIdOf } from '../ids.ts';
import { compileStored } from '../operations/compile-stored.ts';
import { startPending } from '../operations/start-pending.ts';
import type { Started } from '../operations/start-pending.ts';
import { inWords, Problem } from '../problem.ts';
import type { Plan } from '../plan/plan.ts';
import type { Database } from '../store/database.ts';
import type { DueExecution, PendingExecution } from '../store/pending-executions.ts';
import type { Temporal } from '../temporal/client.ts';
import { isOfAnother } from '../temporal/describe.ts';

export type StarterParts = {
  readonly database: Database;
  readonly temporal: Temporal;
  readonly catalog: readonly CatalogEntry[];
  readonly localActivities: boolean;
};

const TIMEOUT_MS = 3_000;
/** Seconds after which Temporal is asked before it is told: a run may have ended and be forgotten. */
const OLD = 600;

/**
 * Starts an execution whose row a session has locked, which then notes what came of it. One whose definition or input
 * can't run ends failed.
 * @throws Problem TEMPORAL_UNAVAILABLE, DATABASE_UNAVAILABLE
 */
export async function startOne(parts: StarterParts, execution: DueExecution): Promise<Started> {
  const { tenant, id, age } = execution;
  if (age > OLD) {
    const known = await parts.temporal.describe(workflowIdOf(tenant, id));
    if (known && !isOfAnother(known, execution.createdAt.toISOString())) return { runId: known.firstRunId };
  }
  const plan = await preparedPlan(parts, execution).catch((error: unknown) => refusalOf(error));
  return 'planVersion' in plan
    ? startPending(parts, execution, { plan, timeout: TIMEOUT_MS })
    : { status: 'failed', ...plan };
}

/** One that came in by SQL was neither compiled nor checked; the API and a parent check before. */
async function preparedPlan(parts: StarterParts, execution: PendingExecution): Promise<Plan> {
  const plan = await compileStored(parts, execution.tenant, execution.definitionId);
  if (['api', 'parent'].includes(execution.trigger) || execution.inputSchema === null) return plan;
  const errors = checkInput(execution.inputSchema, execution.input);
  if (errors.length === 0) return plan;
  throw new Problem('INPUT_INVALID', "The input doesn't fit its schema.", { errors });
}

function refusalOf(error: unknown): { readonly code: string; readonly detail: string } {
  if (!(error instanceof Problem) || error.status >= 500) throw error;
  const code = error.code === 'INPUT_INVALID' ? error.code : 'DEFINITION_INVALID';
  return { code, detail: inWords(error) };
}
