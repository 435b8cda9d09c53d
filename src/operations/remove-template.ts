import { Problem } from '../problem.ts';
import { audit } from '../store/audit.ts';
import type { Database } from '../store/database.ts';
import { deleteTemplate } from '../store/templates.ts';

/**
 * Hides a template: nothing new is made of it, what was stays.
 * @throws Problem NOT_FOUND, DATABASE_UNAVAILABLE
 */
export async function removeTemplate(
  database: Database,
  who: { readonly tenant: string; readonly userId: string },
  request: { readonly code: string; readonly requestId: string },
): Promise<void> {
  await database.asApp(who, async (session) => {
    const id = await deleteTemplate(session, who.tenant, request.code);
    if (id === undefined) throw new Problem('NOT_FOUND', `There is no template '${request.code}'.`);
    await audit(session, {
      userId: who.userId,
      action: 'delete',
      resourceType: 'template',
      resourceId: id,
      changes: { before: { code: request.code } },
      requestId: request.requestId,
    });
  });
}
