import { sql } from 'kysely';
import type { Session } from './database.ts';

export type Workflow = {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly description: string | null;
  readonly status: string;
  readonly category: string | null;
  readonly tags: readonly string[];
  /** The current version; null while there are drafts only. */
  readonly version: string | null;
  readonly owner: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly publishedAt: Date | null;
};

export type WorkflowFilter = {
  /** Part of the name or the title. */
  readonly q?: string | undefined;
  readonly tag?: string | undefined;
  readonly category?: string | undefined;
  readonly status?: string | undefined;
  readonly after?: { readonly at: string; readonly id: string } | undefined;
  readonly limit: number;
};

/** The tenant's workflows, newest first; one more than `limit` when there are more. */
export function listWorkflows(
  session: Session,
  tenant: string,
  filter: WorkflowFilter,
): Promise<(Workflow & { readonly at: string })[]> {
  const { q, tag, category, status, after, limit } = filter;
  let query = workflows(session, tenant)
    .select(sql<string>`w.created_at::text`.as('at'))
    .orderBy('w.created_at', 'desc')
    .orderBy('w.id', 'desc')
    .limit(limit + 1);
  if (q !== undefined) {
    const pattern = `%${q.replaceAll(/[\\%_]/g, '\\$&')}%`;
    query = query.where((where) => where.or([where('w.name', 'ilike', pattern), where('w.title', 'ilike', pattern)]));
  }
  if (tag !== undefined) query = query.where(sql<boolean>`${tag} = any(w.tags)`);
  if (category !== undefined) query = query.where('w.category', '=', category);
  if (status !== undefined) query = query.where('w.status', '=', status);
  if (after) query = query.where(sql<boolean>`(w.created_at, w.id) < (${after.at}::timestamptz, ${after.id})`);
  return query.execute();
}

/** A workflow that isn't deleted. */
export function findWorkflow(session: Session, tenant: string, name: string): Promise<Workflow | undefined> {
  return workflows(session, tenant).where('w.name', '=', name).executeTakeFirst();
}

/**
 * The workflow of that name, made where there is none, revived where it was deleted, and locked until the transaction
 * ends: whoever saves at the same time waits here.
 */
export async function lockWorkflow(
  session: Session,
  tenant: string,
  workflow: {
    readonly name: string;
    readonly title: string;
    readonly ownerId: string;
    /** Of a new or revived one. */
    readonly templateId?: string | undefined;
  },
): Promise<{ readonly id: string; readonly isNew: boolean; readonly isRevived: boolean }> {
  const { name, title, ownerId, templateId = null } = workflow;
  const made = await session
    .insertInto('workflows')
    .values({ tenant_id: tenant, name, title, owner_id: ownerId, template_id: templateId, status: 'draft' })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'name']).doNothing())
    .returning('id')
    .executeTakeFirst();
  if (made) return { id: made.id, isNew: true, isRevived: false };
  const row = await session
    .selectFrom('workflows')
    .select(['id', 'deleted_at'])
    .where('tenant_id', '=', tenant)
    .where('name', '=', name)
    .forUpdate()
    .executeTakeFirstOrThrow();
  if (row.deleted_at !== null) {
    await session
      .updateTable('workflows')
      .set({ deleted_at: null, template_id: templateId })
      .where('tenant_id', '=', tenant)
      .where('id', '=', row.id)
      .execute();
  }
  return { id: row.id, isNew: false, isRevived: row.deleted_at !== null };
}

/** Makes a definition the current one and shows what it says of itself. */
export async function makeCurrent(
  session: Session,
  tenant: string,
  workflowId: string,
  current: {
    readonly definitionId: string;
    readonly title: string;
    readonly description: string | null;
    readonly category: string | null;
    readonly tags: readonly string[];
  },
): Promise<void> {
  const { definitionId, title, description, category, tags } = current;
  await session
    .updateTable('workflows')
    .set({ current_definition_id: definitionId, title, description, category, tags: [...tags], status: 'active' })
    .set({ published_at: sql`now()`, row_version: sql`row_version + 1` })
    .where('tenant_id', '=', tenant)
    .where('id', '=', workflowId)
    .execute();
}

/** Hides a workflow; its versions and executions stay, and saving under its name revives it. */
export async function deleteWorkflow(session: Session, tenant: string, name: string): Promise<string | undefined> {
  const row = await session
    .updateTable('workflows')
    .set({ deleted_at: sql`now()` })
    .where('tenant_id', '=', tenant)
    .where('name', '=', name)
    .where('deleted_at', 'is', null)
    .returning('id')
    .executeTakeFirst();
  return row?.id;
}

function workflows(session: Session, tenant: string) {
  return session
    .selectFrom('workflows as w')
    .leftJoin('workflow_definitions as d', (join) =>
      join.onRef('d.tenant_id', '=', 'w.tenant_id').onRef('d.id', '=', 'w.current_definition_id'),
    )
    .select(['w.id', 'w.name', 'w.title', 'w.description', 'w.status', 'w.category', 'w.tags', 'd.version'])
    .select([
      'w.owner_id as owner',
      'w.created_at as createdAt',
      'w.updated_at as updatedAt',
      'w.published_at as publishedAt',
    ])
    .where('w.tenant_id', '=', tenant)
    .where('w.deleted_at', 'is', null);
}
