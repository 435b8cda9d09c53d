import { sql } from 'kysely';
import type { Session } from './database.ts';

/** Takes or renews a lease by PostgreSQL's clock; false while somebody else has it. */
export async function takeLease(
  session: Session,
  lease: { readonly name: string; readonly holder: string; readonly seconds: number },
): Promise<boolean> {
  const { rows } = await sql`
    insert into weft.leases as l (name, holder, expires_at)
    values (${lease.name}, ${lease.holder}, clock_timestamp() + ${lease.seconds}::float8 * interval '1 second')
    on conflict (name) do update set holder = excluded.holder, expires_at = excluded.expires_at
    where l.holder = excluded.holder or l.expires_at < clock_timestamp()
    returning holder`.execute(session);
  return rows.length > 0;
}

/** Gives a lease back, so that the next one need not wait until it expires. */
export async function releaseLease(
  session: Session,
  lease: { readonly name: string; readonly holder: string },
): Promise<void> {
  await session.deleteFrom('leases').where('name', '=', lease.name).where('holder', '=', lease.holder).execute();
}
