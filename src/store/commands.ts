import { sql } from 'kysely';
import type { Json } from '../contract.ts';
import type { Session } from './database.ts';

/** An order that was taken and is still to be passed on. */
export type Command<Action extends string = 'cancel' | 'terminate' | 'pause' | 'resume'> = {
  readonly tenant: string;
  readonly id: string;
  readonly executionId: string;
  readonly action: Action;
  readonly reason: string | null;
  readonly requestedBy: string;
};

/** One that nobody waits for: it is passed on later, or came in by SQL. */
export type OpenCommand =
  Command<'cancel' | 'terminate'> | Command<'pause' | 'resume'> | (Command<'vote'> & { readonly vote: OrderedVote });

/** A vote that was inserted; whether it may be cast the workflow says. */
export type OrderedVote = {
  readonly approval: string;
  readonly decision: 'approve' | 'reject';
  readonly comment: string | null;
  readonly data: Json;
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

/**
 * Locks up to `limit` orders, the oldest first: those that came in by SQL or of a parent, and those to end an execution
 * that wait for `seconds` at least. What somebody else passes on is left out, and what an execution can't take before it has started.
 */
export async function lockOpenCommands(
  session: Session,
  { limit, seconds, except }: { readonly limit: number; readonly seconds: number; readonly except: readonly string[] },
): Promise<OpenCommand[]> {
  const { rows } = await sql<OpenCommand>`
    select c.tenant_id as tenant, c.id, c.execution_id as "executionId", c.action, c.requested_by as "requestedBy",
      c.arguments ->> 'reason' as reason, c.arguments as vote
    from weft.commands c
    where c.done_at is null and c.id <> all (${except}::text[])
      and case c.arguments ->> 'channel'
        when 'sql' then c.action = 'cancel' or exists (
          select from weft.workflow_executions e
          where e.tenant_id = c.tenant_id and e.id = c.execution_id and e.temporal_run_id is not null
        )
        when 'parent' then true
        else c.action in ('cancel', 'terminate')
          and c.created_at < clock_timestamp() - ${seconds}::float8 * interval '1 second'
      end
    order by c.created_at
    limit ${limit}::int
    for update of c skip locked`.execute(session);
  return rows;
}
