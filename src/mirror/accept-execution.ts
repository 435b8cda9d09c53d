import { sql } from 'kysely';
import type { AuditEntry } from '../store/audit.ts';
import { auditOf, givenOf as entryOf } from '../store/audit.ts';
import type { Session } from '../store/database.ts';
import { keepQuery } from '../store/kept-query.ts';
import type { NewExecution } from '../store/new-executions.ts';
import { givenOf, insertOf } from '../store/new-executions.ts';
import type { ExecutionDetail } from './read-executions.ts';
import { details } from './read-executions.ts';

/**
 * Writes an execution's pending row and the audit entry of it by one statement, and gives it as who reads it gets it;
 * undefined, with nothing written, when there is an execution with that id, or its workflow has changed.
 */
export async function acceptExecution(
  session: Session,
  tenant: string,
  execution: NewExecution,
  entry: Omit<AuditEntry, 'resourceId'>,
): Promise<ExecutionDetail | undefined> {
  const [row] = await accept(session, givenOf(tenant, execution), entryOf(entry));
  return row;
}

const accept = keepQuery((session, given: string, entry: string) => ({
  compile: () =>
    sql<ExecutionDetail>`
      with accepted as (${insertOf(given)} returning *), audited as (${auditOf(sql`accepted`, entry)})
      ${details(session, 'accepted')}`.compile(session),
}));
