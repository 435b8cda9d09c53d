import { Problem } from '../problem.ts';
import type { Database } from '../store/database.ts';
import { findDefinition, listDefinitions } from '../store/definitions.ts';
import type { Definition, DefinitionText } from '../store/definitions.ts';
import { findWorkflow, listWorkflows } from '../store/workflows.ts';
import type { Workflow, WorkflowFilter } from '../store/workflows.ts';

type Who = { readonly tenant: string; readonly userId: string };
type Paged<Row> = Row & { readonly at: string };

/** The workflows a filter lets through, one more than its limit when there are more. */
export function readWorkflows(database: Database, who: Who, filter: WorkflowFilter): Promise<Paged<Workflow>[]> {
  return database.asApp(who, (session) => listWorkflows(session, who.tenant, filter));
}

/**
 * A workflow with its current definition, null while there are drafts only.
 * @throws Problem NOT_FOUND
 */
export function readWorkflow(
  database: Database,
  who: Who,
  name: string,
): Promise<{ readonly workflow: Workflow; readonly current: DefinitionText | undefined }> {
  return database.asApp(who, async (session) => {
    const workflow = await findWorkflow(session, who.tenant, name);
    if (!workflow) throw notFound(name);
    return { workflow, current: await findDefinition(session, who.tenant, name) };
  });
}

/**
 * One version of a workflow, without `version` the current one.
 * @throws Problem NOT_FOUND
 */
export async function readDefinition(
  database: Database,
  who: Who,
  name: string,
  version?: string,
): Promise<DefinitionText> {
  const found = await database.asApp(who, (session) => findDefinition(session, who.tenant, name, version));
  if (!found) throw notFound(name, version);
  return found;
}

/**
 * The versions of a workflow, newest first, one more than the limit when there are more.
 * @throws Problem NOT_FOUND
 */
export function readDefinitions(
  database: Database,
  who: Who,
  name: string,
  page: Pick<WorkflowFilter, 'limit' | 'after'>,
): Promise<Paged<Definition>[]> {
  return database.asApp(who, async (session) => {
    if (!(await findWorkflow(session, who.tenant, name))) throw notFound(name);
    return listDefinitions(session, who.tenant, name, page);
  });
}

function notFound(name: string, version?: string): Problem {
  return new Problem(
    'NOT_FOUND',
    `There is no ${version === undefined ? '' : `version ${version} of `}workflow '${name}'.`,
  );
}
