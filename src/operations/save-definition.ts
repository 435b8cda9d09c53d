import { createHash } from 'node:crypto';
import { ENGINE_VERSION } from '../contract.ts';
import type { CatalogEntry, Compiled } from '../definition/compile.ts';
import { Problem } from '../problem.ts';
import { audit } from '../store/audit.ts';
import type { Database, Session } from '../store/database.ts';
import { definitionChanged } from '../store/definition-history.ts';
import type { DefinitionChange } from '../store/definition-history.ts';
import { findDefinition, findRivals } from '../store/definitions.ts';
import type { DefinitionText } from '../store/definitions.ts';
import { lockWorkflow, makeCurrent } from '../store/workflows.ts';
import { insertDefinition, nextVersion, updateDraft } from '../store/write-definitions.ts';
import type { NewDefinition } from '../store/write-definitions.ts';
import { checkDefinition } from './check-definition.ts';
import type { DefinitionSource } from './check-definition.ts';
import { chooseVersion } from './choose-version.ts';
import type { Choice } from './choose-version.ts';

export type SaveRequest = {
  readonly name: string;
  readonly source: DefinitionSource;
  /** Leaves the current version as it is. */
  readonly draft: boolean;
  /** Content hash the current version must have, `*` for any. */
  readonly ifMatch?: string | undefined;
  readonly requestId?: string | undefined;
  /** Template it is made of: then there must be no workflow of that name. */
  readonly templateId?: string;
};

type Who = { readonly tenant: string; readonly userId: string };
type Valid = Compiled & { readonly ok: true };

/**
 * Saves a version of a workflow and makes it the current one; the same content again makes nothing new.
 * @throws Problem DEFINITION_INVALID, VERSION_EXISTS, CONFLICT, PRECONDITION_FAILED, DATABASE_UNAVAILABLE
 */
export async function saveDefinition(
  parts: { readonly database: Database; readonly catalog: readonly CatalogEntry[] },
  who: Who,
  request: SaveRequest,
): Promise<{ readonly isNew: boolean; readonly definition: DefinitionText }> {
  const compiled = checkDefinition(request.source, { name: request.name, catalog: parts.catalog });
  const contentHash = createHash('sha256').update(JSON.stringify(compiled.body)).digest('hex');
  return parts.database.asApp(who, async (session) => {
    const { title, description, category, tags, version } = compiled.meta;
    const { name, templateId } = request;
    const workflow = await lockWorkflow(session, who.tenant, { name, title, ownerId: who.userId, templateId });
    if (templateId !== undefined && !workflow.isNew && !workflow.isRevived)
      throw new Problem('CONFLICT', `There is a workflow '${name}' already.`);
    const rivals = await findRivals(session, who.tenant, workflow.id, version);
    requireMatch(request.ifMatch, rivals.current?.contentHash);
    const choice = chooseVersion({ version, contentHash, draft: request.draft }, rivals);
    const saved = await write(session, who, choice, workflow.id, { request, compiled, contentHash });
    const becomesCurrent = !request.draft && !(choice.kind === 'keep' && choice.definition.current);
    if (becomesCurrent) {
      await makeCurrent(session, who.tenant, workflow.id, {
        definitionId: saved.id,
        title,
        description,
        category,
        tags,
      });
    }
    if (becomesCurrent || workflow.isRevived || choice.kind !== 'keep') {
      const action = workflow.isNew
        ? 'created'
        : becomesCurrent && choice.kind === 'keep'
          ? 'activated'
          : request.draft
            ? 'updated'
            : 'published';
      await record(session, who, request, {
        workflowId: workflow.id,
        definitionId: saved.id,
        fromDefinitionId: rivals.current?.id ?? null,
        action,
        after: { name: request.name, version: saved.version, contentHash, draft: request.draft },
      });
    }
    const definition = await findDefinition(session, who.tenant, request.name, saved.version);
    if (!definition) throw new Error('a definition just saved is not there');
    return { isNew: choice.kind !== 'keep', definition };
  });
}

async function record(
  session: Session,
  who: Who,
  request: SaveRequest,
  change: Omit<DefinitionChange, 'changedBy'>,
): Promise<void> {
  await definitionChanged(session, who.tenant, { ...change, changedBy: who.userId });
  await audit(session, {
    userId: who.userId,
    action: change.action === 'created' ? 'create' : 'update',
    resourceType: 'workflow',
    resourceId: change.workflowId,
    changes: { after: change.after },
    requestId: request.requestId,
  });
}

function requireMatch(ifMatch: string | undefined, current: string | undefined): void {
  if (ifMatch === undefined || (ifMatch === '*' && current !== undefined)) return;
  if (ifMatch.replaceAll('"', '') === current) return;
  throw new Problem('PRECONDITION_FAILED', 'The current version is not the one that If-Match names.');
}

async function write(
  session: Session,
  who: Who,
  choice: Choice,
  workflowId: string,
  content: { readonly request: SaveRequest; readonly compiled: Valid; readonly contentHash: string },
): Promise<{ readonly id: string; readonly version: string }> {
  if (choice.kind === 'keep') return choice.definition;
  const { request, compiled, contentHash } = content;
  const next = await nextVersion(session, who.tenant, workflowId);
  const version = choice.version ?? next.version;
  const definition: NewDefinition = {
    workflowId,
    version,
    number: next.number,
    state: request.draft ? 'draft' : 'published',
    dialect: compiled.dialect,
    graph: compiled.graph,
    source: request.source.text,
    body: compiled.body,
    plan: { ...compiled.plan, version },
    contentHash,
    engineVersion: ENGINE_VERSION,
    createdBy: who.userId,
  };
  if (choice.kind === 'add') return { id: await insertDefinition(session, who.tenant, definition), version };
  await updateDraft(session, who.tenant, choice.definition.id, definition);
  return { id: choice.definition.id, version };
}
