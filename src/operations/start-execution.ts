import type { Json } from '../contract.ts';
import type { CatalogEntry } from '../definition/compile.ts';
import { acceptExecution } from '../mirror/accept-execution.ts';
import { findExecution } from '../mirror/read-executions.ts';
import type { ExecutionDetail } from '../mirror/read-executions.ts';
import type { Plan } from '../plan/plan.ts';
import { Problem } from '../problem.ts';
import type { Database } from '../store/database.ts';
import { findStartable, isOfRequest, keptStartable } from '../store/executions.ts';
import type { Startable } from '../store/executions.ts';
import { compileStored } from './compile-stored.ts';
import { deriveId, digestOf } from './derive-id.ts';
import { pendingOf } from './pending-of.ts';
import { startNow } from './start-now.ts';
import type { StartNowParts } from './start-now.ts';
import { checkInputOf, checkStartable, mayStart } from './startable.ts';

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

/**
 * Accepts an execution: once its row is committed it will run, whether Temporal is there or not. Tries to start it at
 * once. The same request under the same idempotency key is the same execution.
 * @param onAccepted called with a new one's id before it can begin
 * @throws Problem NOT_FOUND, DEFINITION_INVALID, INPUT_INVALID, CONFLICT, nothing was written then; DATABASE_UNAVAILABLE
 */
export async function startExecution(
  parts: Parts,
  who: Who,
  request: StartRequest,
  onAccepted?: (id: string) => void,
): Promise<ExecutionDetail> {
  const accepted = await accept(parts, who, request);
  if ('before' in accepted) return accepted.before;
  const { row, definition, plan } = accepted;
  onAccepted?.(row.id);
  if (request.delay !== undefined) return row;
  const { correlationId = null, input } = request;
  const about = { correlationId, startedBy: who.userId, input, trigger: 'api', parent: null };
  const runId = await startNow(parts, pendingOf(who.tenant, definition, row, about), plan);
  return runId === undefined ? row : { ...row, runId };
}

type Accepted = { readonly row: ExecutionDetail; readonly definition: Startable; readonly plan: Plan };

/** As what this process knows of the workflow, where that is so still and nothing speaks against it: one statement less. */
async function accept(
  parts: Parts,
  who: Who,
  request: StartRequest,
): Promise<Accepted | { readonly before: ExecutionDetail }> {
  const { tenant, userId } = who;
  const { workflow, version, input, idempotencyKey: key } = request;
  const kept = version === undefined ? keptStartable(tenant, workflow) : undefined;
  const isKept = kept !== undefined && mayStart(kept, input);
  if (isKept) {
    const plan = await compileStored(parts, tenant, kept.definitionId);
    const accepted = await acceptOf(parts, who, request, { definition: kept, plan, ifCurrent: true });
    if (accepted) return accepted;
  }
  const found = await parts.database.readAsApp(who, (session) => findStartable(session, tenant, workflow, version));
  const definition = checkStartable(found, workflow, version);
  const plan = await compileStored(parts, tenant, definition.definitionId);
  checkInputOf(definition, input);
  const requestKey = key === undefined ? null : digestOf(userId, key);
  return (
    (await acceptOf(parts, who, request, { definition, plan, ifCurrent: false })) ?? {
      before: await findAccepted(parts.database, who, wantedIdOf(who, request) ?? '', requestKey),
    }
  );
}

function wantedIdOf({ tenant, userId }: Who, { id, idempotencyKey: key }: StartRequest): string | undefined {
  return id ?? (key === undefined ? undefined : deriveId('execution', tenant, userId, key));
}

/** Undefined when there is an execution with that id, or `definition` is not as `ifCurrent` wants it. */
async function acceptOf(
  parts: Parts,
  who: Who,
  request: StartRequest,
  { definition, plan, ifCurrent }: Omit<Accepted, 'row'> & { readonly ifCurrent: boolean },
): Promise<Accepted | undefined> {
  const { tenant, userId } = who;
  const { idempotencyKey: key, correlationId = null, input } = request;
  const execution = {
    id: wantedIdOf(who, request),
    definition,
    input,
    correlationId,
    priority: request.priority ?? 0,
    tags: request.tags ?? [],
    startedBy: userId,
    totalTasks: plan.totalTasks,
    delay: request.delay ?? null,
    requestKey: key === undefined ? null : digestOf(userId, key),
    ifCurrent,
  };
  const entry = {
    userId,
    action: 'execute',
    resourceType: 'execution',
    changes: { after: { workflow: definition.workflow, version: definition.version } },
    requestId: request.requestId,
  } as const;
  const row = await parts.database.writeAsApp(who, (session) => acceptExecution(session, tenant, execution, entry));
  return row && { row, definition, plan };
}

/** What an earlier request under the same key has made. */
async function findAccepted(
  database: Database,
  who: Who,
  id: string,
  requestKey: string | null,
): Promise<ExecutionDetail> {
  const before = await database.asApp(who, async (session) =>
    requestKey !== null && (await isOfRequest(session, who.tenant, id, requestKey))
      ? await findExecution(session, who.tenant, id)
      : undefined,
  );
  if (!before) throw new Problem('CONFLICT', `There is an execution '${id}' already.`, { extra: { id } });
  return before;
}
