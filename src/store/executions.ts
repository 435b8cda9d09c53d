import { sql } from 'kysely';
import type { ExecutionStatus, Json } from '../contract.ts';
import { ENGINE_VERSION } from '../contract.ts';
import type { Session } from './database.ts';
import { keepQuery } from './kept-query.ts';
import { isLeftToAcceptor } from './left-to-acceptor.ts';

/** What is needed to start an execution of a definition. */
export type Startable = {
  readonly definitionId: string;
  readonly workflowId: string;
  /** Name of the workflow. */
  readonly workflow: string;
  readonly title: string;
  /** Of the workflow. */
  readonly status: string;
  readonly version: string;
  /** JSON Schema; null = any input will do. */
  readonly inputSchema: Json;
};

/** The version to start, without `version` the current one; undefined where there is none or the workflow is deleted. */
export async function findStartable(
  session: Session,
  tenant: string,
  workflow: string,
  version?: string,
): Promise<Startable | undefined> {
  return version === undefined
    ? (await findCurrent(session, tenant, workflow))[0]
    : (await findVersion(session, tenant, workflow, version))[0];
}

const findCurrent = keepQuery((session, tenant: string, workflow: string) =>
  startable(session, tenant, workflow).whereRef('d.id', '=', 'w.current_definition_id'),
);
const findVersion = keepQuery((session, tenant: string, workflow: string, version: string) =>
  startable(session, tenant, workflow).where('d.version', '=', version),
);

function startable(session: Session, tenant: string, workflow: string) {
  return session
    .selectFrom('workflow_definitions as d')
    .innerJoin('workflows as w', (join) =>
      join.onRef('w.tenant_id', '=', 'd.tenant_id').onRef('w.id', '=', 'd.workflow_id'),
    )
    .select(['d.id as definitionId', 'w.id as workflowId', 'w.name as workflow', 'w.title', 'w.status', 'd.version'])
    .select(sql<Json>`d.body -> 'input'`.as('inputSchema'))
    .where('d.tenant_id', '=', tenant)
    .where('w.name', '=', workflow)
    .where('w.deleted_at', 'is', null);
}

export type NewExecution = {
  /** Left out = a new one. */
  readonly id?: string | undefined;
  readonly definition: Startable;
  readonly input: Json;
  readonly correlationId: string | null;
  readonly priority: number;
  readonly tags: readonly string[];
  readonly startedBy: string;
  readonly totalTasks: number;
  /** ms from now; null = at once. */
  readonly delay: number | null;
  /** Digest of who asked under which idempotency key: the same again is the same execution. */
  readonly requestKey: string | null;
  /** Whose task starts it; left out = the API does. */
  readonly parent?: ParentLink;
};

/** What ties a child execution to the task that starts it. */
export type ParentLink = {
  readonly id: string;
  readonly path: string;
  /** Whether the task waits for its end. */
  readonly waits: boolean;
  /** What it gets when the parent ends before it. */
  readonly onClose: 'cancel' | 'terminate' | 'abandon';
};

export type AcceptedExecution = { readonly id: string; readonly createdAt: Date };

/** Writes the pending row; undefined when there is an execution with that id. */
export async function insertPending(
  session: Session,
  tenant: string,
  execution: NewExecution,
): Promise<AcceptedExecution | undefined> {
  const { definition, delay, requestKey, parent } = execution;
  const metadata = JSON.stringify(requestKey === null ? {} : { requestKey });
  const { rows } = await sql<AcceptedExecution>`
    with new as (select coalesce(${execution.id ?? null}::text, weft.new_id()) as id)
    insert into weft.workflow_executions
      (tenant_id, id, root_execution_id, workflow_id, definition_id, engine_version, status, input, correlation_id,
       priority, tags, triggered_by, trigger, total_tasks, start_after, metadata,
       parent_execution_id, parent_path, parent_waits, on_parent_close)
    select ${tenant}, id, id, ${definition.workflowId}, ${definition.definitionId}, ${ENGINE_VERSION}::int, 'pending',
      ${jsonText(execution.input)}::jsonb, ${execution.correlationId}, ${execution.priority}::int,
      ${[...execution.tags]}::text[], ${execution.startedBy}, ${parent ? 'parent' : 'api'}, ${execution.totalTasks}::int,
      now() + ${delay}::float8 * interval '1 ms', ${metadata}::jsonb,
      ${parent?.id ?? null}, ${parent?.path ?? null}, ${parent?.waits ?? false}, ${parent?.onClose ?? null}
    from new
    on conflict (tenant_id, id) do nothing
    returning id, created_at as "createdAt"`.execute(session);
  return rows[0];
}

/** The execution with that id, when it was accepted under that request key. */
export function findByRequestKey(
  session: Session,
  tenant: string,
  id: string,
  requestKey: string,
): Promise<AcceptedExecution | undefined> {
  return session
    .selectFrom('workflow_executions')
    .select(['id', 'created_at as createdAt'])
    .where('tenant_id', '=', tenant)
    .where('id', '=', id)
    .where(sql<boolean>`metadata ->> 'requestKey' = ${requestKey}`)
    .executeTakeFirst();
}

/** Where an execution stands, as commands need it. */
export type Standing = {
  readonly status: ExecutionStatus;
  readonly runId: string | null;
  readonly authority: number;
  /** Whoever accepted it may be starting it at this moment. */
  readonly isLeftToAcceptor: boolean;
};

/** Locks an execution's row and says where it stands; whoever starts it at this moment is waited for. */
export async function lockStanding(session: Session, tenant: string, id: string): Promise<Standing | undefined> {
  return (await standing(session, tenant, id).forNoKeyUpdate().executeTakeFirst()) as Standing | undefined;
}

function jsonText(value: Json): string | null {
  return value === null ? null : JSON.stringify(value);
}

/** Where an execution stands, without locking it. */
export async function findStanding(session: Session, tenant: string, id: string): Promise<Standing | undefined> {
  return (await findPlace(session, tenant, id))[0] as Standing | undefined;
}

const findPlace = keepQuery((session, tenant: string, id: string) => standing(session, tenant, id));

function standing(session: Session, tenant: string, id: string) {
  return session
    .selectFrom('workflow_executions as e')
    .select(['e.status', 'e.temporal_run_id as runId', 'e.authority'])
    .select(isLeftToAcceptor('e').as('isLeftToAcceptor'))
    .where('e.tenant_id', '=', tenant)
    .where('e.id', '=', id);
}
