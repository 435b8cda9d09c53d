import { randomUUID } from 'node:crypto';
import { Problem } from '../problem.ts';
import { audit } from '../store/audit.ts';
import { findOutcome, insertCommand } from '../store/commands.ts';
import type { Command } from '../store/commands.ts';
import type { Database } from '../store/database.ts';
import { lockStanding } from '../store/executions.ts';
import type { Temporal } from '../temporal/client.ts';
import { deriveId } from './derive-id.ts';
import { endIfUnstarted, hasEnded, passOn } from './pass-on.ts';

export type CommandRequest<Action extends string> = {
  readonly id: string;
  readonly action: Action;
  readonly reason: string | null;
  readonly idempotencyKey?: string | undefined;
  readonly requestId?: string | undefined;
};

type Parts = { readonly database: Database; readonly temporal: Temporal };
type Who = { readonly tenant: string; readonly userId: string };

/**
 * Orders an execution to end. One that Temporal hasn't got yet ends here and is never started; otherwise the order is
 * kept until Temporal has it.
 * @throws Problem NOT_FOUND, EXECUTION_ENDED, DATABASE_UNAVAILABLE
 */
export async function endExecution(
  parts: Parts,
  who: Who,
  request: CommandRequest<'cancel' | 'terminate'>,
): Promise<void> {
  const { tenant, userId } = who;
  const { id: executionId, action, reason, idempotencyKey: key } = request;
  const id = key === undefined ? randomUUID() : deriveId('command', tenant, userId, action, executionId, key);
  const command: Command<'cancel' | 'terminate'> = { tenant, id, executionId, action, reason, requestedBy: userId };
  const isNew = await order(parts.database, who, command, request.requestId);
  const before = isNew ? undefined : await parts.database.asApp(who, (session) => findOutcome(session, tenant, id));
  const outcome = before ? (before.error ?? 'done') : await tryToPassOn(parts, command);
  if (outcome !== 'done') throw ended(executionId);
}

/** Writes the order; false when the same request wrote it before. */
function order(
  database: Database,
  who: Who,
  command: Command<'cancel' | 'terminate'>,
  requestId: string | undefined,
): Promise<boolean> {
  const { tenant, executionId, action, reason } = command;
  return database.asApp(who, async (session) => {
    const standing = await lockStanding(session, tenant, executionId);
    if (!standing) throw new Problem('NOT_FOUND', `There is no execution '${executionId}'.`);
    if (await findOutcome(session, tenant, command.id)) return false;
    if (!(await insertCommand(session, command))) return false;
    if (hasEnded(standing)) throw ended(executionId);
    await endIfUnstarted(session, command);
    await audit(session, {
      userId: who.userId,
      action,
      resourceType: 'execution',
      resourceId: executionId,
      changes: { after: { reason } },
      requestId,
    });
    return true;
  });
}

/** While Temporal is away, or is just being told of the execution, the order waits: whoever asked need not come back. */
async function tryToPassOn(parts: Parts, command: Command<'cancel' | 'terminate'>): Promise<string> {
  try {
    const passedOn = await passOn(parts, command);
    return passedOn === 'later' ? 'done' : passedOn;
  } catch (error) {
    if (error instanceof Problem && error.code.endsWith('_UNAVAILABLE')) return 'done';
    throw error;
  }
}

function ended(id: string): Problem {
  return new Problem('EXECUTION_ENDED', `The execution '${id}' has ended.`);
}
