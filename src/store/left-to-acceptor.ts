import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import type { Session } from './database.ts';

/** Longer than a try may last. */
const LEFT = sql`interval '2 seconds'`;

/**
 * Whoever accepts an execution, the API or a parent's worker, tries to start it at once. For so long nobody else starts
 * it, and nobody says that it has not started.
 */
export function isLeftToAcceptor(table: string): RawBuilder<boolean> {
  const column = (name: string) => sql.ref(`${table}.${name}`);
  return sql<boolean>`(${column('trigger')} in ('api', 'parent') and ${column('start_after')} is null
    and ${column('created_at')} > clock_timestamp() - ${LEFT})`;
}

/** Gives it up before its time: it is the starter's from now on, and whoever wants to end it needn't wait. */
export async function leaveToStarter(
  session: Session,
  { tenant, id }: { readonly tenant: string; readonly id: string },
): Promise<void> {
  await sql`
    with given as (update weft.workflow_executions set start_after = created_at
      where tenant_id = ${tenant} and id = ${id} and status = 'pending' and start_after is null and temporal_run_id is null
      returning 1)
    select pg_notify('weft_starts', '') from given`.execute(session);
}
