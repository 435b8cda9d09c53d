import { randomUUID } from 'node:crypto';
import type { ExecutionStatus } from '../contract.ts';
import { workflowIdOf } from '../ids.ts';
import { Problem } from '../problem.ts';
import { audit } from '../store/audit.ts';
import { finishCommand, insertCommand } from '../store/commands.ts';
import type { Command } from '../store/commands.ts';
import type { Database } from '../store/database.ts';
import { findStanding } from '../store/executions.ts';
import type { Temporal } from '../temporal/client.ts';
import { actorOf } from './actor.ts';
import type { Person } from './actor.ts';
import { deriveId } from './derive-id.ts';
import type { CommandRequest } from './end-execution.ts';
import { hasEnded } from './pass-on.ts';

type Parts = { readonly database: Database; readonly temporal: Temporal };

/**
 * Pauses an execution (nothing new starts, what runs goes on) or lets it go on; saying it twice changes nothing.
 * Returns its status.
 * @throws Problem NOT_FOUND, CONFLICT while it hasn't started, EXECUTION_ENDED, WORKER_UNAVAILABLE, TEMPORAL_UNAVAILABLE
 */
export async function pauseExecution(
  { database, temporal }: Parts,
  who: Person,
  request: CommandRequest<'pause' | 'resume'>,
): Promise<ExecutionStatus> {
  const { tenant, userId } = who;
  const { id: executionId, action, reason, idempotencyKey: key } = request;
  const id = key === undefined ? randomUUID() : deriveId('command', tenant, userId, action, executionId, key);
  const command: Command = { tenant, id, executionId, action, reason, requestedBy: userId };
  await database.asApp(who, async (session) => {
    const standing = await findStanding(session, tenant, executionId);
    if (!standing) throw new Problem('NOT_FOUND', `There is no execution '${executionId}'.`);
    if (hasEnded(standing)) throw new Problem('EXECUTION_ENDED', `The execution '${executionId}' has ended.`);
    // While whoever accepted it starts it, Temporal says whether it has.
    if (standing.status === 'pending' && standing.runId === null && !standing.isLeftToAcceptor) {
      throw notStarted(executionId);
    }
    await insertCommand(session, command);
  });
  try {
    const { status } = await temporal.update(
      action,
      workflowIdOf(tenant, executionId),
      { actor: actorOf(who), reason },
      { updateId: id },
    );
    await database.asApp(who, async (session) => {
      if (!(await finishCommand(session, command, null))) return;
      await audit(session, {
        userId,
        action,
        resourceType: 'execution',
        resourceId: executionId,
        changes: { after: { reason } },
        requestId: request.requestId,
      });
    });
    return status;
  } catch (error) {
    const code = error instanceof Problem ? error.code : 'INTERNAL';
    await database.asApp(who, (session) => finishCommand(session, command, code)).catch(() => undefined);
    throw code === 'NOT_FOUND' ? notStarted(executionId) : error;
  }
}

function notStarted(id: string): Problem {
  return new Problem('CONFLICT', `The execution '${id}' has not started yet.`);
}
