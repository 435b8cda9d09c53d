import { listApprovals } from '../mirror/read-approvals.ts';
import type { ApprovalFilter, ApprovalRow } from '../mirror/read-approvals.ts';
import { findExecution, listExecutions } from '../mirror/read-executions.ts';
import type { ExecutionDetail, ExecutionFilter, ExecutionRow } from '../mirror/read-executions.ts';
import { listAttempts, listHistory, listLogs } from '../mirror/read-history.ts';
import { listTasks } from '../mirror/read-tasks.ts';
import type { TaskFilter, TaskRow } from '../mirror/read-tasks.ts';
import { Problem } from '../problem.ts';
import type { Database, Session } from '../store/database.ts';
import { findStanding } from '../store/executions.ts';

type Who = { readonly tenant: string; readonly userId: string };
type Paged<Row> = Row & { readonly at: string };

/** The executions a filter lets through, one more than its limit when there are more. */
export function readExecutions(database: Database, who: Who, filter: ExecutionFilter): Promise<Paged<ExecutionRow>[]> {
  return database.readAsApp(who, (session) => listExecutions(session, who.tenant, filter));
}

/** @throws Problem NOT_FOUND */
export async function readExecution(database: Database, who: Who, id: string): Promise<ExecutionDetail> {
  const execution = await database.readAsApp(who, (session) => findExecution(session, who.tenant, id));
  if (!execution) throw notFound(id);
  return execution;
}

/** The approvals a filter lets through, one more than its limit when there are more. */
export function readApprovals(database: Database, who: Who, filter: ApprovalFilter): Promise<Paged<ApprovalRow>[]> {
  return database.readAsApp(who, (session) => listApprovals(session, who.tenant, filter));
}

/** The tasks of an execution. @throws Problem NOT_FOUND */
export function readTasks(database: Database, who: Who, id: string, filter: TaskFilter): Promise<TaskRow[]> {
  return ofExecution(database, who, id, (session) => listTasks(session, who.tenant, id, filter));
}

type PartFilter<List extends (session: Session, tenant: string, id: string, filter: never) => unknown> =
  Parameters<List>[3];

/** What happened in an execution. @throws Problem NOT_FOUND */
export function readHistory(database: Database, who: Who, id: string, filter: PartFilter<typeof listHistory>) {
  return ofExecution(database, who, id, (session) => listHistory(session, who.tenant, id, filter));
}

/** What the executors of an execution logged. @throws Problem NOT_FOUND */
export function readLogs(database: Database, who: Who, id: string, filter: PartFilter<typeof listLogs>) {
  return ofExecution(database, who, id, (session) => listLogs(session, who.tenant, id, filter));
}

/** The attempts of an execution's tasks. @throws Problem NOT_FOUND */
export function readAttempts(database: Database, who: Who, id: string, filter: PartFilter<typeof listAttempts>) {
  return ofExecution(database, who, id, (session) => listAttempts(session, who.tenant, id, filter));
}

function ofExecution<Row>(
  database: Database,
  who: Who,
  id: string,
  list: (session: Session) => Promise<Row[]>,
): Promise<Row[]> {
  return database.asApp(who, async (session) => {
    const rows = await list(session);
    if (rows.length === 0 && !(await findStanding(session, who.tenant, id))) throw notFound(id);
    return rows;
  });
}

function notFound(id: string): Problem {
  return new Problem('NOT_FOUND', `There is no execution '${id}'.`);
}
