import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import type { Json } from '../contract.ts';
import type { Session } from './database.ts';
import { keepQuery } from './kept-query.ts';

export type AuditAction =
  | 'create'
  | 'update'
  | 'delete'
  | 'login'
  | 'logout'
  | 'execute'
  | 'cancel'
  | 'approve'
  | 'reject'
  | 'delegate'
  | 'pause'
  | 'resume'
  | 'redrive'
  | 'terminate'
  | 'skip'
  | 'edit';

export type AuditEntry = {
  readonly userId: string;
  readonly action: AuditAction;
  readonly resourceType: 'workflow' | 'template' | 'execution' | 'approval' | 'event' | 'key' | 'user';
  readonly resourceId: string;
  readonly changes?: { readonly before?: Json; readonly after?: Json };
  readonly requestId?: string | undefined;
};

/** Writes who did what, in the transaction of what was done: neither is there without the other. */
export async function audit(session: Session, { resourceId, ...entry }: AuditEntry): Promise<void> {
  await insertEntry(session, resourceId, givenOf(entry));
}

const insertEntry = keepQuery((session, resourceId: string, given: string) => ({
  compile: () => auditOf(sql`(select ${resourceId}::text as id)`, given).compile(session),
}));

/** Inserts an entry about each row of `resources`, which has an `id`. @param given see {@link givenOf} */
export function auditOf(resources: RawBuilder<unknown>, given: string): RawBuilder<unknown> {
  return sql`
    insert into weft.audit_logs (user_id, action, resource_type, resource_id, changes, request_id)
    select x.user_id, x.action, x.resource_type, about.id, x.changes, x.request_id
    from ${resources} as about cross join json_to_record(${given}::json) as x(
      user_id text, action text, resource_type text, changes jsonb, request_id text)`;
}

/** What `auditOf` is given: JSON of what is the same for all of them, so that the statement stays the same. */
export function givenOf(entry: Omit<AuditEntry, 'resourceId'>): string {
  const { userId, action, resourceType, changes = {}, requestId = null } = entry;
  return JSON.stringify({ user_id: userId, action, resource_type: resourceType, changes, request_id: requestId });
}

export type AuditFilter = {
  readonly user?: string | undefined;
  readonly action?: string | undefined;
  readonly resourceType?: string | undefined;
  readonly resourceId?: string | undefined;
  readonly after?: { readonly at: string; readonly id: string } | undefined;
  readonly limit: number;
};

export type AuditRow = Awaited<ReturnType<typeof listAuditLogs>>[number];

/** The tenant's entries, newest first; one more than `limit` when there are more. */
export function listAuditLogs(session: Session, tenant: string, filter: AuditFilter) {
  const { user, action, resourceType, resourceId, after, limit } = filter;
  let query = session
    .selectFrom('audit_logs')
    .select([sql<string>`id::text`.as('id'), 'user_id as user', 'action', 'resource_type as resourceType'])
    .select(['resource_id as resourceId', 'changes', 'request_id as requestId', 'created_at as createdAt'])
    .select(sql<string>`created_at::text`.as('at'))
    .where('tenant_id', '=', tenant)
    .orderBy('created_at', 'desc')
    .orderBy('audit_logs.id', 'desc')
    .limit(limit + 1);
  if (user !== undefined) query = query.where('user_id', '=', user);
  if (action !== undefined) query = query.where('action', '=', action);
  if (resourceType !== undefined) query = query.where('resource_type', '=', resourceType);
  if (resourceId !== undefined) query = query.where('resource_id', '=', resourceId);
  if (after)
    query = query.where(sql<boolean>`(created_at, audit_logs.id) < (${after.at}::timestamptz, ${after.id}::bigint)`);
  return query.execute();
}
