import { sql } from 'kysely';
import type { Session } from '../store/database.ts';
import { givenRows } from '../store/given-rows.ts';
import { cleanText } from './clean.ts';

/**
 * Deletes votes that the workflow took in a task which Temporal then refused, as when it was terminated meanwhile.
 * @param told approvals that the whole history tells of, with those whose votes it has
 */
export async function dropVotes(
  session: Session,
  tenant: string,
  told: readonly { readonly id: string; readonly voters: readonly string[] }[],
): Promise<void> {
  const known = told.map(({ id, voters }) => ({ id, voters: voters.map(cleanText) }));
  await sql`
    delete from weft.approval_votes v
    using ${givenRows(known, 'id text, voters jsonb')}
    where v.tenant_id = ${tenant} and v.approval_id = x.id and not x.voters ? v.voter_id`.execute(session);
}
