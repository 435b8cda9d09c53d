import { sql } from 'kysely';
import type { Session } from './database.ts';

/**
 * Takes or renews a lease by PostgreSQL's clock; false while somebody else has it.
 * @param lease.isDone all that was to be done has been since it was taken or renewed
 */
export async function takeLease(
  session: Session,
  lease: { readonly name: string; readonly holder: string; readonly seconds: number; readonly isDone?: boolean },
): Promise<boolean> {
  const { name, holder, seconds, isDone = false } = lease;
  const { rows } = await sql`
    insert into weft.leases as l (name, holder, expires_at)
    values (${name}, ${holder}, clock_timestamp() + ${seconds}::float8 * interval '1 second')
    on conflict (name) do update set holder = excluded.holder, expires_at = excluded.expires_at,
      done_at = case when ${isDone}::boolean then clock_timestamp() else l.done_at end
    where l.holder = excluded.holder or l.expires_at < clock_timestamp()
    returning holder`.execute(session);
  return rows.length > 0;
}

/** Gives a lease back, so that the next one need not wait until it expires. */
export async function releaseLease(
  session: Session,
  lease: { readonly name: string; readonly holder: string },
): Promise<void> {
  await session
    .updateTable('leases')
    .set({ expires_at: sql<Date>`clock_timestamp() - interval '1 microsecond'` })
    .where('name', '=', lease.name)
    .where('holder', '=', lease.holder)
    .execute();
}
