import { sql } from 'kysely';
import type { Json } from '../contract.ts';
import type { Plan } from '../plan/plan.ts';
import type { Issue } from '../problem.ts';
import type { Session } from './database.ts';

export type NewDefinition = {
  readonly workflowId: string;
  readonly version: string;
  readonly number: number;
  readonly state: 'draft' | 'published';
  readonly dialect: string;
  /** Nodes, edges and viewport; null where it wasn't drawn. */
  readonly graph: Json;
  readonly source: string;
  readonly body: Json;
  readonly plan: Plan;
  readonly contentHash: string;
  readonly engineVersion: number;
  readonly createdBy: string;
};

/** The next number of a workflow, over all it has, and free as a version too. */
export async function nextVersion(
  session: Session,
  tenant: string,
  workflowId: string,
): Promise<{ readonly number: number; readonly version: string }> {
  const { rows } = await sql<{ number: number }>`
    with own as (select number, version from weft.workflow_definitions where tenant_id = ${tenant} and workflow_id = ${workflowId}),
    last as (select coalesce(max(number), 0) as number, count(*)::int as versions from own)
    select min(n) as number from last, generate_series(last.number + 1, last.number + 1 + last.versions) as n
    where not exists (select from own where version = n::text)`.execute(session);
  const number = rows[0]?.number ?? 1;
  return { number, version: String(number) };
}

/** Writes a new version. */
export async function insertDefinition(session: Session, tenant: string, definition: NewDefinition): Promise<string> {
  const row = await session
    .insertInto('workflow_definitions')
    .values({
      tenant_id: tenant,
      workflow_id: definition.workflowId,
      number: definition.number,
      created_by: definition.createdBy,
      ...columns(definition),
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return row.id;
}

/** Gives a draft other content, and publishes it where `state` says so; published versions never change. */
export async function updateDraft(
  session: Session,
  tenant: string,
  id: string,
  definition: NewDefinition,
): Promise<void> {
  await session
    .updateTable('workflow_definitions')
    .set({ ...columns(definition), row_version: sql`row_version + 1` })
    .where('tenant_id', '=', tenant)
    .where('id', '=', id)
    .where('state', '=', 'draft')
    .execute();
}

/** What came of compiling a definition that came in by SQL. */
export async function storeCompiled(
  session: Session,
  tenant: string,
  id: string,
  outcome: { readonly plan: Plan } | { readonly problems: readonly Issue[] },
): Promise<void> {
  const set =
    'plan' in outcome
      ? { plan: JSON.stringify(outcome.plan), compile_state: 'valid', problems: null }
      : { problems: JSON.stringify(outcome.problems), compile_state: 'invalid' };
  await session
    .updateTable('workflow_definitions')
    .set(set)
    .where('tenant_id', '=', tenant)
    .where('id', '=', id)
    .execute();
}

function columns(definition: NewDefinition) {
  return {
    version: definition.version,
    state: definition.state,
    dialect: definition.dialect,
    graph: definition.graph === null ? null : JSON.stringify(definition.graph),
    source: definition.source,
    body: JSON.stringify(definition.body),
    plan: JSON.stringify(definition.plan),
    content_hash: Buffer.from(definition.contentHash, 'hex'),
    engine_version: definition.engineVersion,
    compile_state: 'valid',
    problems: null,
    is_active: definition.state === 'published',
    published_at: definition.state === 'published' ? sql<Date>`now()` : null,
  };
}
