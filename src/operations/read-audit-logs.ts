import { listAuditLogs } from '../store/audit.ts';
import type { AuditFilter, AuditRow } from '../store/audit.ts';
import type { Database } from '../store/database.ts';

/** The audit log's entries that a filter lets through, one more than its limit when there are more. */
export function readAuditLogs(
  database: Database,
  who: { readonly tenant: string; readonly userId: string },
  filter: AuditFilter,
): Promise<AuditRow[]> {
  return database.asApp(who, (session) => listAuditLogs(session, who.tenant, filter));
}
