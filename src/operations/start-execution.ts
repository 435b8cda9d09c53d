import type { Json } from '../contract.ts';
import { checkInput } from '../definition/check-input.ts';
import type { CatalogEntry } from '../definition/compile.ts';
import { findExecution } from '../mirror/read-executions.ts';
import type { ExecutionDetail } from '../mirror/read-executions.ts';
import type { Plan } from '../plan/plan.ts';
import { Problem } from '../problem.ts';
import { audit } from '../store/audit.ts';
import type { Session } from '../store/database.ts';
import { keptPlan } from '../store/definitions.ts';
import { findByRequestKey, findStartable, insertPending } from '../store/executions.ts';
import type { Startable } from '../store/executions.ts';
import type { PendingExecution } from '../store/pending-executions.ts';
import { compileStored } from './compile-stored.ts';
import { deriveId, digestOf } from './derive-id.ts';
import { pendingOf } from './pending-of.ts';
import { startNow } from './start-now.ts';
import type { StartNowParts } from './start-now.ts';

export type StartRequest = {
  /** Name of the workflow. */
  readonly workflow: string;
  /** @default the current one */
  readonly version?: string | undefined;
  readonly input: Json;
  /** @default a new one */
  readonly id?: string | undefined;
  readonly correlationId?: string | undefined;
  readonly priority?: number | undefined;
  readonly tags?: readonly string[] | undefined;
  /** ms until it starts. @default at once */
  readonly delay?: number | undefined;
  readonly idempotencyKey?: string | undefined;
  readonly requestId?: string | undefined;
};

type Parts = StartNowParts & { readonly catalog: readonly CatalogEntry[] };
type Who = { readonly tenant: string; readonly userId: string };
type KnownPlan = { readonly definitionId: string; readonly plan: Plan };
type Accepted = {
  readonly row: ExecutionDetail;
  /** Undefined where an earlier request made it. */
  readonly toStart: { readonly execution: PendingExecution; readonly plan: Plan } | undefined;
};

/**
 * Accepts an execution: once its row is committed it will run, whether Temporal is there or not. Tries to start it at
 * once. The same request under the same idempotency key is the same execution.
 * @throws Problem NOT_FOUND, DEFINITION_INVALID, INPUT_INVALID, CONFLICT, DATABASE_UNAVAILABLE; nothing was written then
 */
export async function startExecution(parts: Parts, who: Who, request: StartRequest): Promise<ExecutionDetail> {
  let known: KnownPlan | undefined;
  for (;;) {
    const answer = await parts.database.asApp(who, (session) => accept(session, who, request, known));
    if ('row' in answer) {
      if (!answer.toStart || request.delay !== undefined) return answer.row;
      const runId = await startNow(parts, answer.toStart.execution, answer.toStart.plan);
      return runId === undefined ? answer.row : { ...answer.row, runId };
    }
    // Not within the transaction: it would hold one connection and ask for another.
    const { definitionId } = answer;
    known = { definitionId, plan: await compileStored(parts, who.tenant, definitionId) };
  }
}

/** Answers the definition whose Plan it lacks. */
async function accept(
  session: Session,
  who: Who,
  request: StartRequest,
  known: KnownPlan | undefined,
): Promise<Accepted | Startable> {
  const { tenant, userId } = who;
  const definition = await findStartable(session, tenant, request.workflow, request.version);
  if (!definition) throw notFound(request);
  const { definitionId, workflow, version } = definition;
  if (definition.status === 'paused' || definition.status === 'archived') {
    throw new Problem('CONFLICT', `The workflow '${workflow}' is ${definition.status}: nothing new starts.`);
  }
  const plan = known?.definitionId === definitionId ? known.plan : keptPlan(tenant, definitionId);
  if (!plan) return definition;
  checkAgainst(definition, request.input);

  const { idempotencyKey: key, correlationId = null } = request;
  const requestKey = key === undefined ? null : digestOf(userId, key);
  const wantedId = request.id ?? (key === undefined ? undefined : deriveId('execution', tenant, userId, key));
  const accepted = await insertPending(session, tenant, {
    id: wantedId,
    definition,
    input: request.input,
    correlationId,
    priority: request.priority ?? 0,
    tags: request.tags ?? [],
    startedBy: userId,
    totalTasks: plan.totalTasks,
    delay: request.delay ?? null,
    requestKey,
  });
  if (!accepted) {
    const taken = wantedId ?? '';
    const before = requestKey === null ? undefined : await findByRequestKey(session, tenant, taken, requestKey);
    if (!before) throw new Problem('CONFLICT', `There is an execution '${taken}' already.`, { extra: { id: taken } });
  }
  // Sent one right behind the other.
  const [row] = await Promise.all([
    findExecution(session, tenant, accepted?.id ?? wantedId ?? ''),
    accepted &&
      audit(session, {
        userId,
        action: 'execute',
        resourceType: 'execution',
        resourceId: accepted.id,
        changes: { after: { workflow, version } },
        requestId: request.requestId,
      }),
  ]);
  if (!row) throw new Error('an execution that is there can not be read');
  if (!accepted) return { row, toStart: undefined };
  const about = { correlationId, startedBy: userId, input: request.input, trigger: 'api', parent: null };
  return { row, toStart: { execution: pendingOf(tenant, definition, accepted, about), plan } };
}

function checkAgainst({ inputSchema, workflow }: Startable, input: Json): void {
  if (inputSchema === null) return;
  const errors = checkInput(inputSchema, input);
  if (errors.length === 0) return;
  throw new Problem('INPUT_INVALID', `The input doesn't fit the schema of '${workflow}'.`, { errors });
}

function notFound({ workflow, version }: StartRequest): Problem {
  return new Problem(
    'NOT_FOUND',
    version === undefined
      ? `There is no workflow '${workflow}', or it has no current version.`
      : `There is no version ${version} of workflow '${workflow}'.`,
  );
}
