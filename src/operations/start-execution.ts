import type { Json } from '../contract.ts';
import type { CatalogEntry } from '../definition/compile.ts';
import { acceptExecution } from '../mirror/accept-execution.ts';
import { findExecution } from '../mirror/read-executions.ts';
import type { ExecutionDetail } from '../mirror/read-executions.ts';
import { Problem } from '../problem.ts';
import type { Database } from '../store/database.ts';
import { findStartable, isOfRequest } from '../store/executions.ts';
import { compileStored } from './compile-stored.ts';
import { deriveId, digestOf } from './derive-id.ts';
import { pendingOf } from './pending-of.ts';
import { startNow } from './start-now.ts';
import type { StartNowParts } from './start-now.ts';
import { checkInputOf, checkStartable } from './startable.ts';

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
  const { tenant, userId } = who;
  const { idempotencyKey: key, correlationId = null, input } = request;
  const found = await parts.database.readAsApp(who, (session) =>
    findStartable(session, tenant, request.workflow, request.version),
  );
  const definition = checkStartable(found, request.workflow, request.version);
  const { definitionId, workflow, version } = definition;
  const plan = await compileStored(parts, tenant, definitionId);
  checkInputOf(definition, input);

  const requestKey = key === undefined ? null : digestOf(userId, key);
  const wantedId = request.id ?? (key === undefined ? undefined : deriveId('execution', tenant, userId, key));
  const execution = {
    id: wantedId,
    definition,
    input,
    correlationId,
    priority: request.priority ?? 0,
    tags: request.tags ?? [],
    startedBy: userId,
    totalTasks: plan.totalTasks,
    delay: request.delay ?? null,
    requestKey,
  };
  const entry = {
    userId,
    action: 'execute',
    resourceType: 'execution',
    changes: { after: { workflow, version } },
    requestId: request.requestId,
  } as const;
  const row = await parts.database.writeAsApp(who, (session) => acceptExecution(session, tenant, execution, entry));
  if (!row) return findAccepted(parts.database, who, wantedId ?? '', requestKey);
  onAccepted?.(row.id);
  if (request.delay !== undefined) return row;
  const about = { correlationId, startedBy: userId, input, trigger: 'api', parent: null };
  const runId = await startNow(parts, pendingOf(tenant, definition, row, about), plan);
  return runId === undefined ? row : { ...row, runId };
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
