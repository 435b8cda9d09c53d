import { sql } from 'kysely';
import type { Json } from '../contract.ts';
import { createKept } from './kept.ts';
import type { Plan } from '../plan/plan.ts';
import type { Database, Session } from './database.ts';

export type Definition = {
  readonly id: string;
  readonly workflowId: string;
  /** Name of the workflow. */
  readonly workflow: string;
  readonly version: string;
  readonly number: number;
  readonly state: 'draft' | 'published';
  /** Whether a start without a version takes it. */
  readonly current: boolean;
  /** `pending` where it came in by SQL and was not compiled yet. */
  readonly compileState: 'pending' | 'valid' | 'invalid';
  /** Hex; the same for the same content, whatever its format. */
  readonly contentHash: string;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly publishedAt: Date | null;
};

export type DefinitionText = Definition & { readonly definition: Json; readonly source: string };

/** The version of a workflow that isn't deleted; without `version` the current one. */
export function findDefinition(
  session: Session,
  tenant: string,
  workflow: string,
  version?: string,
): Promise<DefinitionText | undefined> {
  let query = definitions(session, tenant)
    .select(['d.body as definition', 'd.source'])
    .where('w.name', '=', workflow)
    .where('w.deleted_at', 'is', null);
  query =
    version === undefined
      ? query.whereRef('d.id', '=', 'w.current_definition_id')
      : query.where('d.version', '=', version);
  return query.$castTo<DefinitionText>().executeTakeFirst();
}

/** The versions of a workflow, newest first; one more than `limit` when there are more. */
export function listDefinitions(
  session: Session,
  tenant: string,
  workflow: string,
  page: { readonly limit: number; readonly after?: { readonly at: string; readonly id: string } | undefined },
): Promise<(Definition & { readonly at: string })[]> {
  let query = definitions(session, tenant)
    .select(sql<string>`d.created_at::text`.as('at'))
    .where('w.name', '=', workflow)
    .where('w.deleted_at', 'is', null)
    .orderBy('d.created_at', 'desc')
    .orderBy('d.id', 'desc')
    .limit(page.limit + 1);
  if (page.after)
    query = query.where(sql<boolean>`(d.created_at, d.id) < (${page.after.at}::timestamptz, ${page.after.id})`);
  return query.$castTo<Definition & { readonly at: string }>().execute();
}

/** The versions of a workflow that a save may meet: the one asked for, the draft, the current one. */
export async function findRivals(
  session: Session,
  tenant: string,
  workflowId: string,
  version: string | undefined,
): Promise<{ readonly [name in 'same' | 'draft' | 'current']: Definition | undefined }> {
  const rows = await definitions(session, tenant)
    .where('d.workflow_id', '=', workflowId)
    .where((where) =>
      where.or([
        where('d.version', '=', version ?? null),
        where('d.state', '=', 'draft'),
        where('d.id', '=', where.ref('w.current_definition_id')),
      ]),
    )
    .$castTo<Definition>()
    .execute();
  return {
    same: rows.find((row) => row.version === version),
    draft: rows.find((row) => row.state === 'draft'),
    current: rows.find((row) => row.current),
  };
}

/** What a stored definition says, for compiling it. */
export function findStored(session: Session, tenant: string, id: string) {
  return session
    .selectFrom('workflow_definitions as d')
    .innerJoin('workflows as w', (join) =>
      join.onRef('w.tenant_id', '=', 'd.tenant_id').onRef('w.id', '=', 'd.workflow_id'),
    )
    .select(['w.name', 'd.version', 'd.dialect', 'd.source', 'd.body'])
    .where('d.tenant_id', '=', tenant)
    .where('d.id', '=', id)
    .executeTakeFirst();
}

/** Plans of published definitions, which never change. */
const plans = createKept<Plan>(500);

/** The Plan of a definition, undefined while it isn't compiled or can't be. Published ones are kept in memory. */
export async function planOf(database: Database, tenant: string, definitionId: string): Promise<Plan | undefined> {
  const key = `${tenant}/${definitionId}`;
  const kept = plans.get(key);
  if (kept) return kept;
  const row = await database.asEngine((session) =>
    session
      .selectFrom('workflow_definitions')
      .select(['plan', 'state'])
      .where('tenant_id', '=', tenant)
      .where('id', '=', definitionId)
      .executeTakeFirst(),
  );
  if (!row?.plan) return undefined;
  const plan = row.plan as unknown as Plan;
  if (row.state === 'published') plans.set(key, plan);
  return plan;
}

function definitions(session: Session, tenant: string) {
  return session
    .selectFrom('workflow_definitions as d')
    .innerJoin('workflows as w', (join) =>
      join.onRef('w.tenant_id', '=', 'd.tenant_id').onRef('w.id', '=', 'd.workflow_id'),
    )
    .select(['d.id', 'd.workflow_id as workflowId', 'w.name as workflow', 'd.version', 'd.number', 'd.state'])
    .select(sql<boolean>`coalesce(d.id = w.current_definition_id, false)`.as('current'))
    .select(['d.compile_state as compileState', sql<string>`encode(d.content_hash, 'hex')`.as('contentHash')])
    .select(['d.created_by as createdBy', 'd.created_at as createdAt', 'd.published_at as publishedAt'])
    .where('d.tenant_id', '=', tenant);
}
