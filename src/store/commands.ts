import { sql } from 'kysely';
import type { Session } from './database.ts';

export type CommandAction = 'cancel' | 'terminate' | 'pause' | 'resume';

/** An order that was taken and is still to be passed on. */
export type Command = {
  readonly tenant: string;
  readonly id: string;
  readonly executionId: string;
  readonly action: CommandAction;
  readonly reason: string | null;
  readonly requestedBy: string;
};

/** Writes an order; false when one with that id was written before. */
export async function insertCommand(session: Session, command: Command): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await session
    .insertInto('commands')
    .values({
      tenant_id: command.tenant,
      id: command.id,
      execution_id: command.executionId,
      action: command.action,
      arguments: JSON.stringify({ reason: command.reason }),
      requested_by: command.requestedBy,
    })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'id']).doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
}

/** What came of an order: undefined while it is still to be passed on. */
export async function findOutcome(
  session: Session,
  tenant: string,
  id: string,
): Promise<{ readonly error: string | null } | undefined> {
  return session
    .selectFrom('commands')
    .select('error')
    .where('tenant_id', '=', tenant)
    .where('id', '=', id)
    .where('done_at', 'is not', null)
    .executeTakeFirst();
}

/** Notes that an order was passed on, or why it couldn't be; false when it was noted as passed on before. */
export async function finishCommand(
  session: Session,
  command: Pick<Command, 'tenant' | 'id'>,
  error: string | null,
): Promise<boolean> {
  const { numUpdatedRows } = await session
    .updateTable('commands')
    .set({ done_at: sql`clock_timestamp()`, error })
    .where('tenant_id', '=', command.tenant)
    .where('id', '=', command.id)
    .where((where) => where.or([where('done_at', 'is', null), where('error', 'is not', null)]))
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}

/** Locks up to `limit` orders that wait for `seconds` at least, the oldest first; what somebody else passes on is left out. */
export function lockOpenCommands(session: Session, limit: number, seconds: number): Promise<Command[]> {
  return session
    .selectFrom('commands')
    .select(['tenant_id as tenant', 'id', 'execution_id as executionId', 'action', 'requested_by as requestedBy'])
    .select(sql<string | null>`arguments ->> 'reason'`.as('reason'))
    .where('done_at', 'is', null)
    .where('action', 'in', ['cancel', 'terminate'])
    .where('created_at', '<', sql<Date>`clock_timestamp() - ${seconds}::float8 * interval '1 second'`)
    .orderBy('created_at')
    .limit(limit)
    .forUpdate()
    .skipLocked()
    .$castTo<Command>()
    .execute();
}
