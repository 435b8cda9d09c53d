import { sql } from 'kysely';
import type { Json } from '../contract.ts';
import type { Session } from './database.ts';

export type StoredTemplate = {
  readonly id: string;
  readonly code: string;
  readonly name: string;
  readonly description: string | null;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
};

export type TemplateText = StoredTemplate & {
  readonly body: Json;
  /** JSON Schema of its parameters. */
  readonly parameters: Json;
};

/** The tenant's templates, newest first; one more than `limit` when there are more. */
export function listTemplates(
  session: Session,
  tenant: string,
  page: { readonly limit: number; readonly after?: { readonly at: string; readonly id: string } | undefined },
): Promise<(StoredTemplate & { readonly at: string })[]> {
  let query = templates(session, tenant)
    .select(sql<string>`created_at::text`.as('at'))
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(page.limit + 1);
  if (page.after)
    query = query.where(sql<boolean>`(created_at, id) < (${page.after.at}::timestamptz, ${page.after.id})`);
  return query.execute();
}

/** A template that isn't deleted. */
export function findTemplate(session: Session, tenant: string, code: string): Promise<TemplateText | undefined> {
  return templates(session, tenant)
    .select(['body', 'parameters'])
    .where('code', '=', code)
    .$castTo<TemplateText>()
    .executeTakeFirst();
}

/** Writes a template under its code, made where there is none, revived where it was deleted. */
export async function writeTemplate(
  session: Session,
  tenant: string,
  template: Pick<TemplateText, 'code' | 'name' | 'description' | 'body' | 'parameters' | 'createdBy'>,
): Promise<{ readonly id: string; readonly isNew: boolean }> {
  const { code, name, description } = template;
  const content = {
    name,
    description,
    body: JSON.stringify(template.body),
    parameters: JSON.stringify(template.parameters),
  };
  const made = await session
    .insertInto('workflow_templates')
    .values({ tenant_id: tenant, code, created_by: template.createdBy, ...content })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'code']).doNothing())
    .returning('id')
    .executeTakeFirst();
  if (made) return { id: made.id, isNew: true };
  const row = await session
    .selectFrom('workflow_templates')
    .select(['id', 'deleted_at'])
    .where('tenant_id', '=', tenant)
    .where('code', '=', code)
    .forUpdate()
    .executeTakeFirstOrThrow();
  await session
    .updateTable('workflow_templates')
    .set({ ...content, deleted_at: null })
    .where('tenant_id', '=', tenant)
    .where('id', '=', row.id)
    .execute();
  return { id: row.id, isNew: row.deleted_at !== null };
}

/** Hides a template; workflows made of it stay. */
export async function deleteTemplate(session: Session, tenant: string, code: string): Promise<string | undefined> {
  const row = await session
    .updateTable('workflow_templates')
    .set({ deleted_at: sql`now()` })
    .where('tenant_id', '=', tenant)
    .where('code', '=', code)
    .where('deleted_at', 'is', null)
    .returning('id')
    .executeTakeFirst();
  return row?.id;
}

function templates(session: Session, tenant: string) {
  return session
    .selectFrom('workflow_templates')
    .select(['id', 'code', 'name', 'description'])
    .select(['created_by as createdBy', 'created_at as createdAt', 'updated_at as updatedAt'])
    .where('tenant_id', '=', tenant)
    .where('deleted_at', 'is', null);
}
