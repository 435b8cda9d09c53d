import { Problem } from '../problem.ts';
import type { Database } from '../store/database.ts';
import { findTemplate, listTemplates } from '../store/templates.ts';
import type { StoredTemplate, TemplateText } from '../store/templates.ts';

type Who = { readonly tenant: string; readonly userId: string };

/** The templates, newest first, one more than the limit when there are more. */
export function readTemplates(
  database: Database,
  who: Who,
  page: Parameters<typeof listTemplates>[2],
): Promise<(StoredTemplate & { readonly at: string })[]> {
  return database.asApp(who, (session) => listTemplates(session, who.tenant, page));
}

/**
 * A template with its text.
 * @throws Problem NOT_FOUND
 */
export async function readTemplate(database: Database, who: Who, code: string): Promise<TemplateText> {
  const found = await database.asApp(who, (session) => findTemplate(session, who.tenant, code));
  if (!found) throw new Problem('NOT_FOUND', `There is no template '${code}'.`);
  return found;
}
