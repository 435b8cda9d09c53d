import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Session } from './database.ts';

/** Who waits for an end needn't look at anything else. */
const ENDED = '!';

/**
 * What `weft_executions` calls an execution. Any login may listen there, whatever its tenant: it hears that something
 * changed, but not whose it is.
 */
export function changeNameOf(tenant: string, executionId: string): string {
  return createHash('sha256').update(`${tenant}/${executionId}`).digest('base64url').slice(0, 22);
}

/** One change as it is notified: its execution's name, marked where it has ended. */
export function changeOf(tenant: string, executionId: string, hasEnded: boolean): string {
  return changeNameOf(tenant, executionId) + (hasEnded ? ENDED : '');
}

/** What `changeOf` was made of. */
export function readChange(change: string): { readonly name: string; readonly hasEnded: boolean } {
  const hasEnded = change.endsWith(ENDED);
  return { name: hasEnded ? change.slice(0, -ENDED.length) : change, hasEnded };
}

/** Tells who watches an execution that it changed, once the transaction commits. */
export async function notifyChange(session: Session, tenant: string, id: string, hasEnded: boolean): Promise<void> {
  await sql`select pg_notify('weft_executions', ${JSON.stringify([changeOf(tenant, id, hasEnded)])})`.execute(session);
}
