import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ApprovalState, Json, Updates, VoteChannel } from '../contract.ts';
import { workflowIdOf } from '../ids.ts';
import { checkInput } from '../definition/check-input.ts';
import { findApproval } from '../mirror/read-approvals.ts';
import type { ApprovalRow } from '../mirror/read-approvals.ts';
import { Problem } from '../problem.ts';
import { audit } from '../store/audit.ts';
import type { AuditAction } from '../store/audit.ts';
import type { Database } from '../store/database.ts';
import { usernamesOf } from '../store/users.ts';
import type { Temporal } from '../temporal/client.ts';
import { actorOf } from './actor.ts';
import type { Person } from './actor.ts';
import { digestOf } from './derive-id.ts';
import { showState } from './show-state.ts';

/** That many until an approval is known to its workflow, if it ever is, and ms between them. */
const MOST_ATTEMPTS = 10;
const PAUSE_MS = 200;

type Parts = {
  readonly database: Database;
  readonly temporal: Temporal;
  /** Told of an execution from which no answer came. @default nobody: who votes comes again with the same key */
  readonly reconciler?: { readonly doubt: (tenant: string, executionId: string) => void };
};

export type ApprovalRequest = {
  /** Of the approval. */
  readonly id: string;
  readonly idempotencyKey?: string | undefined;
  readonly requestId?: string | undefined;
};

export type Decision = ApprovalRequest & {
  readonly decision: 'approve' | 'reject';
  readonly comment: string | null;
  /** Undefined = none was sent. */
  readonly data: Json | undefined;
  readonly channel: VoteChannel;
};

/**
 * Casts a vote. Whether it may be cast the workflow says; the same request under the same idempotency key is one vote.
 * @throws Problem NOT_FOUND, INPUT_INVALID, FORBIDDEN, CONFLICT, ALREADY_DECIDED with who and when, EXECUTION_ENDED,
 * WORKER_UNAVAILABLE, TEMPORAL_UNAVAILABLE
 */
export async function decideApproval(parts: Parts, who: Person, request: Decision): Promise<ApprovalRow> {
  const { decision, comment, channel, data } = request;
  const row = await readApproval(parts.database, who, request.id);
  if (row.form !== null && (decision === 'approve' || data !== undefined)) checkForm(row.form, data ?? {});
  return change(parts, who, row, {
    ...request,
    name: 'decide',
    action: decision,
    update: { approvalId: row.id, decision, comment, data: data ?? null, channel, actor: actorOf(who) },
  });
}

/**
 * Takes an approval on, or gives it back, so that others see that somebody is at it.
 * @throws Problem as {@link decideApproval}
 */
export async function claimApproval(
  parts: Parts,
  who: Person,
  request: ApprovalRequest & { readonly action: 'claim' | 'release' },
): Promise<ApprovalRow> {
  const row = await readApproval(parts.database, who, request.id);
  const update = { approvalId: row.id, actor: actorOf(who) };
  return change(parts, who, row, { ...request, name: request.action, action: 'update', update });
}

/** @throws Problem NOT_FOUND */
export async function readApproval(database: Database, who: Person, id: string): Promise<ApprovalRow> {
  const row = await database.readAsApp(who, (session) => findApproval(session, who.tenant, id));
  if (!row) throw new Problem('NOT_FOUND', `There is no approval '${id}'.`);
  return row;
}

function checkForm(form: Json, data: Json): void {
  const errors = checkInput(form, data);
  if (errors.length === 0) return;
  throw new Problem('INPUT_INVALID', "The data doesn't fit the approval's form.", { errors });
}

type Change<Name extends 'decide' | 'claim' | 'release'> = ApprovalRequest & {
  readonly name: Name;
  readonly action: AuditAction;
  readonly update: Updates[Name]['request'];
};

async function change<Name extends 'decide' | 'claim' | 'release'>(
  { database, temporal, reconciler }: Parts,
  who: Person,
  row: ApprovalRow,
  { name, action, update, idempotencyKey: key, requestId }: Change<Name>,
): Promise<ApprovalRow> {
  const updateId = key === undefined ? randomUUID() : digestOf(who.userId, name, row.id, key);
  const workflowId = workflowIdOf(who.tenant, row.execution);
  const state = await untilItIsKnown(row, () => temporal.update(name, workflowId, update, { updateId })).catch(
    (error: unknown) => {
      if (isLost(error)) reconciler?.doubt(who.tenant, row.execution);
      return explain(database, who, row.id, error);
    },
  );
  await database.writeAsApp(who, (session) =>
    audit(session, {
      userId: who.userId,
      action,
      resourceType: 'approval',
      resourceId: row.id,
      changes: { before: { status: row.status }, after: { status: state.status, [name]: who.username } },
      requestId,
    }),
  );
  return show(database, who, row, state);
}

/** The mirror may show an approval that its workflow task is yet to open again, as the worker died in between. */
async function untilItIsKnown<T>({ status }: ApprovalRow, work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      // Said by the workflow, which may yet come to it; one that Temporal doesn't know won't.
      const isUnknown = error instanceof Problem && error.code === 'NOT_FOUND' && error.cause !== undefined;
      if (!isUnknown || status !== 'open' || attempt === MOST_ATTEMPTS) throw error;
      await sleep(PAUSE_MS);
    }
  }
}

/** No refusal, so that it may have been taken all the same. */
function isLost(error: unknown): boolean {
  return !(error instanceof Problem) || ['TEMPORAL_UNAVAILABLE', 'WORKER_UNAVAILABLE'].includes(error.code);
}

async function show(database: Database, who: Person, row: ApprovalRow, state: ApprovalState): Promise<ApprovalRow> {
  const others = peopleIn(state).filter((id) => id !== who.userId);
  // Most approvals need one person, who is the one that asks.
  const names =
    others.length === 0 ? [] : await database.readAsApp(who, (session) => usernamesOf(session, who.tenant, others));
  return showState(row, state, new Map([...names, [who.userId, who.username]]));
}

/** Says who decided and when, from the workflow's own answer or, once that has ended, from the mirror. */
async function explain(database: Database, who: Person, id: string, error: unknown): Promise<never> {
  if (!(error instanceof Problem)) throw error;
  if (error.code !== 'ALREADY_DECIDED' && error.code !== 'EXECUTION_ENDED') {
    throw new Problem(error.code, error.message, { cause: error });
  }
  const row = await readApproval(database, who, id);
  const state = error.extra['approval'] as ApprovalState | undefined;
  const shown = state ? await show(database, who, row, state) : row;
  if (shown.status === 'open') throw new Problem('EXECUTION_ENDED', error.message, { cause: error });
  const decidedAt = shown.decidedAt?.toISOString() ?? null;
  throw new Problem(
    'ALREADY_DECIDED',
    `It was ${shown.status} by '${shown.decidedBy ?? 'system'}' at ${decidedAt ?? 'a time that is not known'}.`,
    { extra: { status: shown.status, decision: shown.status, decidedBy: shown.decidedBy, decidedAt }, cause: error },
  );
}

function peopleIn({ votes, claimedBy, decidedBy }: ApprovalState): readonly string[] {
  return [...votes.map(({ user }) => user), claimedBy, decidedBy].filter((id) => id !== null);
}
