import { workflowIdOf } from '../ids.ts';
import { permissionsOf } from '../permissions.ts';
import { Problem } from '../problem.ts';
import { finishCommand } from '../store/commands.ts';
import type { OpenCommand } from '../store/commands.ts';
import type { Database } from '../store/database.ts';
import { findUser } from '../store/users.ts';
import type { Temporal } from '../temporal/client.ts';
import { actorOf } from './actor.ts';
import { decideApproval } from './decide-approval.ts';

type Parts = { readonly database: Database; readonly temporal: Temporal };
type SqlCommand = Exclude<OpenCommand, { readonly action: 'cancel' | 'terminate' }>;
type Requester = NonNullable<Awaited<ReturnType<typeof findUser>>>;

/**
 * Passes on a pause, a resumption or a vote that came in by SQL, under the id of its row: doing it twice changes
 * nothing. What came of it is noted in the row, as nobody waits for an answer.
 * @throws Problem TEMPORAL_UNAVAILABLE, WORKER_UNAVAILABLE, DATABASE_UNAVAILABLE: then it is still to be done
 */
export async function passOnSql(parts: Parts, command: SqlCommand): Promise<void> {
  const { database } = parts;
  const error = await carryOut(parts, command).then(
    () => null,
    (reason: unknown) => {
      if (!(reason instanceof Problem) || reason.code.endsWith('_UNAVAILABLE')) throw reason;
      return `${reason.code}: ${reason.message}`;
    },
  );
  await database.asEngine((session) => finishCommand(session, command, error));
}

async function carryOut(parts: Parts, command: SqlCommand): Promise<void> {
  const { tenant, id, executionId, requestedBy } = command;
  const user = await parts.database.readAsEngine((session) => findUser(session, tenant, requestedBy));
  if (!user) throw new Problem('FORBIDDEN', `There is no active user '${requestedBy}'.`);
  if (command.action === 'vote') {
    await castVote(parts, user, command);
    return;
  }
  const { action, reason } = command;
  const update = { actor: actorOf(user), reason };
  await parts.temporal.update(action, workflowIdOf(tenant, executionId), update, { updateId: id });
}

/** With the same authorisation as over HTTP: the permission here, candidates and quorum in the workflow. */
async function castVote(parts: Parts, user: Requester, { id, vote }: SqlCommand & { action: 'vote' }): Promise<void> {
  if (!permissionsOf({ ...user, scopes: [] }).has('approval:decide')) {
    throw new Problem('FORBIDDEN', `'${user.username}' may not decide approvals.`);
  }
  const { approval, decision, comment, data } = vote;
  await decideApproval(parts, user, {
    ...{ id: approval, decision, comment, channel: 'sql', idempotencyKey: id },
    data: data ?? undefined,
  });
}
