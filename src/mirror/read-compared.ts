import { sql } from 'kysely';
import type { Json } from '../contract.ts';
import type { Session } from '../store/database.ts';
import type { ExecutionKey } from './read-unconfirmed.ts';

/** What the mirror has of an execution, as far as Temporal's history says it too. */
export type Compared = {
  readonly execution: ComparedExecution;
  readonly tasks: readonly ComparedTask[];
  readonly approvals: readonly ComparedApproval[];
};
export type ComparedExecution = Outcome & { readonly errorTask: string | null };
export type ComparedTask = Outcome & {
  readonly path: string;
  readonly executor: string | null;
  readonly attempt: number;
  readonly authority: number;
  /** Numbers of its attempts that have rows, from the least. */
  readonly attempts: readonly number[];
  /** Of its attempts, how many are told to run. */
  readonly running: number;
};
export type ComparedApproval = {
  readonly id: string;
  readonly path: string;
  readonly status: string;
  readonly authority: number;
  readonly decidedBy: string | null;
  /** `<who> <decision>`, sorted. */
  readonly votes: readonly string[];
};
type Outcome = {
  readonly status: string;
  readonly output: Json;
  readonly errorCode: string | null;
  readonly errorDetail: string | null;
};

/** All of an execution that can be compared; undefined where the mirror doesn't have it. */
export async function readCompared(session: Session, { tenant, id }: ExecutionKey): Promise<Compared | undefined> {
  const execution = await session
    .selectFrom('workflow_executions')
    .select(['status', 'output', 'error_code as errorCode', 'error_detail as errorDetail', 'error_task as errorTask'])
    .where('tenant_id', '=', tenant)
    .where('id', '=', id)
    .executeTakeFirst();
  if (!execution) return undefined;
  const { rows: tasks } = await sql<ComparedTask>`
    with a as (
      select a.path, array_agg(distinct a.attempt order by a.attempt) as attempts,
        count(*) filter (where a.status = 'running')::int as running
      from weft.task_attempts a where a.tenant_id = ${tenant} and a.execution_id = ${id} group by a.path
    )
    select t.path, t.executor, t.status, t.attempt, t.authority, t.result as output, t.error_code as "errorCode",
      t.error_detail as "errorDetail", coalesce(a.attempts, '{}') as attempts, coalesce(a.running, 0) as running
    from weft.task_executions t left join a using (path)
    where t.tenant_id = ${tenant} and t.execution_id = ${id}`.execute(session);
  const { rows: approvals } = await sql<ComparedApproval>`
    select a.id, a.path, a.status, a.authority, a.decided_by as "decidedBy",
      array(select v.voter_id || ' ' || v.decision from weft.approval_votes v
        where v.tenant_id = a.tenant_id and v.approval_id = a.id order by 1) as votes
    from weft.approvals a where a.tenant_id = ${tenant} and a.execution_id = ${id}`.execute(session);
  return { execution: execution as ComparedExecution, tasks, approvals };
}
