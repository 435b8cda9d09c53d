import type { Lab } from './lab.ts';
import type { Violation } from './violation.ts';

/**
 * I5: of a task that was called n times there are n rows of attempts, each with an end or marked lost. What was cut off
 * before it was called has none.
 */
export async function checkAttempts({ database }: Lab): Promise<readonly Violation[]> {
  const { rows } = await database.query(
    `select t.execution_id as id, t.path, t.attempt, n.missing, n.running
       from weft.task_executions t
       join weft.workflow_executions e on e.tenant_id = t.tenant_id and e.id = t.execution_id and e.authority = 2
       cross join lateral (
         select (
           select array_agg(i) from generate_series(1, t.attempt) i where not exists (
             select from weft.task_attempts a where a.tenant_id = t.tenant_id and a.execution_id = t.execution_id
               and a.path = t.path and a.attempt = i)
         ) as missing, (
           select array_agg(a.attempt) from weft.task_attempts a where a.tenant_id = t.tenant_id
             and a.execution_id = t.execution_id and a.path = t.path and a.status = 'running'
         ) as running
       ) n
       where t.type = 'executor' and t.status in ('success', 'failed', 'timeout')
         and (n.missing is not null or n.running is not null)`,
  );
  return rows.map(({ id, path, attempt, missing, running }) => ({
    invariant: 'I5',
    execution: id,
    what: missing ? `${path}: of ${attempt} attempts there is no row of ${missing}` : `${path}: ${running} still runs`,
  }));
}
