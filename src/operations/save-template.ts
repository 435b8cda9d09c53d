import { checkTemplate } from '../definition/instantiate-template.ts';
import type { DefinitionTemplate } from '../definition/instantiate-template.ts';
import { name as nameSchema } from '../definition/schema/fields.ts';
import { Problem } from '../problem.ts';
import { audit } from '../store/audit.ts';
import type { Database } from '../store/database.ts';
import { findTemplate, writeTemplate } from '../store/templates.ts';
import type { TemplateText } from '../store/templates.ts';

/**
 * Saves a template under its code; whether its definition is one shows when it is instantiated.
 * @throws Problem DEFINITION_INVALID where a placeholder names no parameter, DATABASE_UNAVAILABLE
 */
export async function saveTemplate(
  database: Database,
  who: { readonly tenant: string; readonly userId: string },
  request: DefinitionTemplate & {
    readonly code: string;
    readonly name: string;
    readonly description: string | null;
    readonly requestId: string;
  },
): Promise<{ readonly isNew: boolean; readonly template: TemplateText }> {
  const { code, name, description, body, parameters, requestId } = request;
  const flaw = nameSchema.safeParse(code).error?.issues[0]?.message;
  const named = flaw === undefined ? [] : [{ pointer: '', code: 'NAME_INVALID', message: `The code ${flaw}.` }];
  const errors = [...named, ...checkTemplate({ body, parameters })];
  if (errors.length > 0) throw new Problem('DEFINITION_INVALID', "The template can't be saved.", { errors });
  return database.asApp(who, async (session) => {
    const content = { code, name, description, body, parameters, createdBy: who.userId };
    const { id, isNew } = await writeTemplate(session, who.tenant, content);
    await audit(session, {
      userId: who.userId,
      action: isNew ? 'create' : 'update',
      resourceType: 'template',
      resourceId: id,
      changes: { after: { code, name } },
      requestId,
    });
    const template = await findTemplate(session, who.tenant, code);
    if (!template) throw new Error('a template just saved is not there');
    return { isNew, template };
  });
}
