import { sql } from 'kysely';
import type { Session } from './database.ts';

/**
 * Waits are registered, and events handed to those that are, one after the other for each name: of an event and a wait that
 * come at the same moment, one sees the other. Whoever stands still meanwhile is thrown out: everybody waits for them.
 */
const LOCKS = { name: 8_701, router: 8_702, execution: 8_703 } as const;
const STANDS_STILL = '10s';
const PATIENCE = '5s';

/** Waits are being registered for this name: what is stored before shows, what is stored later finds the wait. */
export async function lockNameForWait(session: Session, tenant: string, name: string): Promise<void> {
  await sql`select ${limits()}, pg_advisory_xact_lock_shared(${LOCKS.name}::int, hashtext(${nameOf(tenant, name)}))`.execute(
    session,
  );
}

/** Events of these names are being handed on; waits for the waits that are being registered. */
export async function lockNamesForRouter(
  session: Session,
  events: readonly { readonly tenant: string; readonly name: string }[],
): Promise<void> {
  const names = [...new Set(events.map(({ tenant, name }) => nameOf(tenant, name)))];
  // In one order, as everybody's.
  await sql`
    select pg_advisory_xact_lock(${LOCKS.name}::int, hash)
    from (select distinct hashtext(name) as hash from unnest(${names}::text[]) name order by 1) hashes`.execute(
    session,
  );
}

/** Whether this transaction is the one that hands events on; there is one at a time, so that they stay in order. */
export async function tryRouterLock(session: Session): Promise<boolean> {
  const { rows } = await sql<{ isOurs: boolean }>`
    select ${limits()}, pg_try_advisory_xact_lock(${LOCKS.router}::int, 0) as "isOurs"`.execute(session);
  return rows[0]?.isOurs === true;
}

/** Whether this transaction is the one that tells an execution, as a select list's column. */
export function tryExecutionLock(tenant: string, execution: string) {
  return sql<boolean>`pg_try_advisory_xact_lock(${LOCKS.execution}::int, hashtext(${sql.ref(tenant)} || ':' || ${sql.ref(execution)}))`;
}

function limits() {
  return sql`set_config('idle_in_transaction_session_timeout', ${STANDS_STILL}, true), set_config('lock_timeout', ${PATIENCE}, true)`;
}

/** No tenant's id holds a line break. */
function nameOf(tenant: string, name: string): string {
  return `${tenant}\n${name}`;
}
