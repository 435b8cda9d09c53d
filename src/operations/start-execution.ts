import type { Json } from '../contract.ts';
import { checkInput } from '../definition/check-input.ts';
import type { CatalogEntry } from '../definition/compile.ts';
import type { Plan } from '../plan/plan.ts';
import { Problem } from '../problem.ts';
import { audit } from '../store/audit.ts';
import type { Database } from '../store/database.ts';
import { findByRequestKey, findStartable, insertPending } from '../store/executions.ts';
import type { AcceptedExecution, Startable } from '../store/executions.ts';
import type { Temporal } from '../temporal/client.ts';
import { compileStored } from './compile-stored.ts';
import { deriveId, digestOf } from './derive-id.ts';
import { startNow } from './start-now.ts';

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

type Parts = {
  readonly database: Database;
  readonly temporal: Temporal;
  readonly catalog: readonly CatalogEntry[];
  readonly localActivities: boolean;
};
type Who = { readonly tenant: string; readonly userId: string };

/**
 * Accepts an execution: once its row is committed it will run, whether Temporal is there or not. Tries to start it at
 * once. The same request under the same idempotency key is the same execution.
 * @throws Problem NOT_FOUND, DEFINITION_INVALID, INPUT_INVALID, CONFLICT, DATABASE_UNAVAILABLE; nothing was written then
 */
export async function startExecution(parts: Parts, who: Who, request: StartRequest): Promise<{ readonly id: string }> {
  const definition = await parts.database.asApp(who, (session) =>
    findStartable(session, who.tenant, request.workflow, request.version),
  );
  if (!definition) throw notFound(request);
  if (definition.status === 'paused' || definition.status === 'archived') {
    throw new Problem('CONFLICT', `The workflow '${definition.workflow}' is ${definition.status}: nothing new starts.`);
  }
  const plan = await compileStored(parts, who.tenant, definition.definitionId);
  checkAgainst(definition, request.input);
  const accepted = await accept(parts.database, who, { request, definition, plan });
  if (request.delay === undefined) await startNow(parts, { tenant: who.tenant, id: accepted.id, plan });
  return { id: accepted.id };
}

async function accept(
  database: Database,
  who: Who,
  { request, definition, plan }: { request: StartRequest; definition: Startable; plan: Plan },
): Promise<AcceptedExecution> {
  const { idempotencyKey: key, id } = request;
  const requestKey = key === undefined ? null : digestOf(who.userId, key);
  const wantedId = id ?? (key === undefined ? undefined : deriveId('execution', who.tenant, who.userId, key));
  return database.asApp(who, async (session) => {
    const accepted = await insertPending(session, who.tenant, {
      id: wantedId,
      definition,
      input: request.input,
      correlationId: request.correlationId ?? null,
      priority: request.priority ?? 0,
      tags: request.tags ?? [],
      startedBy: who.userId,
      totalTasks: plan.totalTasks,
      delay: request.delay ?? null,
      requestKey,
    });
    if (accepted) {
      await audit(session, {
        userId: who.userId,
        action: 'execute',
        resourceType: 'execution',
        resourceId: accepted.id,
        changes: { after: { workflow: definition.workflow, version: definition.version } },
        requestId: request.requestId,
      });
      return accepted;
    }
    const taken = wantedId ?? '';
    const before = requestKey === null ? undefined : await findByRequestKey(session, who.tenant, taken, requestKey);
    if (!before) throw new Problem('CONFLICT', `There is an execution '${taken}' already.`, { extra: { id: taken } });
    return before;
  });
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
