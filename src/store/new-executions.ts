import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import type { Json } from '../contract.ts';
import { ENGINE_VERSION } from '../contract.ts';
import type { Session } from './database.ts';
import type { Startable } from './executions.ts';

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
  /** Accepted only while its workflow is as `definition` says, and that its current version. @default false */
  readonly ifCurrent?: boolean;
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

/** Writes the pending row; undefined when there is an execution with that id, or its workflow has changed. */
export async function insertPending(
  session: Session,
  tenant: string,
  execution: NewExecution,
): Promise<AcceptedExecution | undefined> {
  const given = givenOf(tenant, execution);
  const { rows } = await sql<AcceptedExecution>`${insertOf(given)} returning id, created_at as "createdAt"`.execute(
    session,
  );
  return rows[0];
}

/** What `insertOf` is given: JSON, so that the statement stays the same. */
export function givenOf(tenant: string, execution: NewExecution): string {
  const { definition, parent, requestKey } = execution;
  const { workflow, title, status } = definition;
  return JSON.stringify({
    tenant,
    id: execution.id ?? null,
    workflow_id: definition.workflowId,
    definition_id: definition.definitionId,
    input: execution.input,
    correlation_id: execution.correlationId,
    priority: execution.priority,
    tags: execution.tags,
    started_by: execution.startedBy,
    total_tasks: execution.totalTasks,
    delay: execution.delay,
    metadata: requestKey === null ? {} : { requestKey },
    parent: parent?.id ?? null,
    parent_path: parent?.path ?? null,
    waits: parent?.waits ?? false,
    on_close: parent?.onClose ?? null,
    current: execution.ifCurrent === true ? { name: workflow, title, status } : null,
  });
}

/** As a new id says it, where it is a uuid of version 7: Temporal's memo need not then (`acceptedAtOf`). */
const acceptedAt = sql`case when substr(new.id, 15, 1) = '7'
  then to_timestamp(('x' || left(new.id, 8) || substr(new.id, 10, 4))::bit(48)::bigint / 1000.0) else now() end`;

/** Inserts a pending execution, without `returning`; no row where there is one with its id, or its workflow has changed. @param given see {@link givenOf} */
export function insertOf(given: string): RawBuilder<unknown> {
  return sql`
    insert into weft.workflow_executions
      (tenant_id, id, root_execution_id, workflow_id, definition_id, engine_version, status, input, correlation_id,
       priority, tags, triggered_by, trigger, total_tasks, start_after, metadata,
       parent_execution_id, parent_path, parent_waits, on_parent_close, created_at)
    select x.tenant, new.id, new.id, x.workflow_id, x.definition_id, ${ENGINE_VERSION}::int, 'pending', x.input,
      x.correlation_id, x.priority, x.tags, x.started_by, case when x.parent is null then 'api' else 'parent' end,
      x.total_tasks, now() + x.delay * interval '1 ms', x.metadata, x.parent, x.parent_path, x.waits, x.on_close,
      case when x.id is null then ${acceptedAt} else now() end
    from json_to_record(${given}::json) as x(
      tenant text, id text, workflow_id text, definition_id text, input jsonb, correlation_id text, priority int,
      tags text[], started_by text, total_tasks int, delay float8, metadata jsonb, parent text, parent_path text,
      waits boolean, on_close text, current json
    ) cross join lateral (select coalesce(x.id, weft.new_id()) as id) as new
    where x.current is null or exists (
      select from weft.workflows w
      where w.tenant_id = x.tenant and w.id = x.workflow_id and w.current_definition_id = x.definition_id
        and w.deleted_at is null and w.name = x.current ->> 'name' and w.title = x.current ->> 'title'
        and w.status = x.current ->> 'status')
    on conflict (tenant_id, id) do nothing`;
}
