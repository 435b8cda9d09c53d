import type { Actor, ApprovalState, ApprovalStatus, ClaimRequest, DecideRequest, Vote } from '../src/contract.ts';
import { TaskError } from './outcome.ts';

/** An approval and what is known of its assignees; JSON. */
export type ApprovalRecord = {
  readonly state: ApprovalState;
  /** Which of them have voted, under all of their names. */
  readonly votedAs: readonly string[];
  /** How many of the names turned out to be of people who are named already. */
  readonly aliases: number;
};

/** Who may vote, and how many of them must approve. */
export type Electorate = Pick<ApprovalState, 'assignees' | 'candidateGroups' | 'quorumKind' | 'quorum'>;

/** Approvals needed: of `all` every assignee, of a `majority` more than half of them. */
export function quorumOf(kind: Electorate['quorumKind'], count: number, people: number): number {
  if (kind === 'all') return Math.max(people, 1);
  if (kind === 'majority') return Math.floor(people / 2) + 1;
  return count;
}

/**
 * Refuses a vote that may not be cast.
 * @throws TaskError ALREADY_DECIDED, FORBIDDEN or CONFLICT
 */
export function checkVote({ state }: ApprovalRecord, request: DecideRequest, startedBy: string): void {
  checkOpen(state);
  if (!['approve', 'reject'].includes(request.decision)) {
    throw new TaskError('INPUT_INVALID', 'A decision is approve or reject.');
  }
  if (!state.selfApproval && request.actor.id === startedBy) {
    throw new TaskError('FORBIDDEN', 'Who started the execution may not decide its approvals.');
  }
  checkCandidate(state, request.actor);
  if (state.votes.some((vote) => vote.user === request.actor.id)) {
    throw new TaskError('CONFLICT', 'You have voted; a vote cannot be changed.', { data: state });
  }
}

/** @throws TaskError ALREADY_DECIDED, FORBIDDEN or CONFLICT */
export function checkClaim({ state }: ApprovalRecord, request: ClaimRequest): void {
  checkOpen(state);
  checkCandidate(state, request.actor);
  if (state.claimedBy !== null && state.claimedBy !== request.actor.id) {
    throw new TaskError('CONFLICT', `'${state.claimedBy}' has claimed it.`, { data: state });
  }
}

/** @throws TaskError ALREADY_DECIDED or CONFLICT */
export function checkRelease({ state }: ApprovalRecord, request: ClaimRequest): void {
  checkOpen(state);
  if (state.claimedBy !== request.actor.id) {
    throw new TaskError(
      'CONFLICT',
      state.claimedBy === null ? 'Nobody has claimed it.' : `'${state.claimedBy}' has claimed it.`,
      {
        data: state,
      },
    );
  }
}

function checkOpen(state: ApprovalState): void {
  if (state.status === 'open') return;
  const by = state.decidedBy ?? 'system';
  throw new TaskError('ALREADY_DECIDED', `It was ${state.status} by '${by}' at ${state.decidedAt ?? ''}.`, {
    data: state,
  });
}

function checkCandidate(state: ApprovalState, actor: Actor): void {
  const isAssignee = state.assignees.some((name) => actor.names.includes(name));
  const isInGroup = state.candidateGroups.some((group) => actor.groups.includes(group));
  if (!isAssignee && !isInGroup) {
    throw new TaskError('FORBIDDEN', 'You are neither an assignee nor in a candidate group of this approval.');
  }
}

/** Counts a vote; the approval is decided when the quorum is reached or can't be reached any more. */
export function castVote(record: ApprovalRecord, request: DecideRequest, at: string): ApprovalRecord {
  const vote: Vote = {
    user: request.actor.id,
    decision: request.decision,
    comment: request.comment,
    data: request.data,
    channel: request.channel,
    at,
  };
  const votes = [...record.state.votes, vote];
  const names = new Set(record.state.assignees.filter((name) => request.actor.names.includes(name)));
  // Also names that nobody asked yet: an escalation may ask whoever has voted as one of a group.
  const votedAs = [...record.votedAs, ...request.actor.names];
  const aliases = record.aliases + Math.max(names.size - 1, 0);
  const quorum = quorumLess(record.state, aliases);
  const voted: ApprovalRecord = { state: { ...record.state, votes, quorum }, votedAs, aliases };
  const status = tally(voted);
  if (status === 'open') return voted;
  return {
    ...voted,
    state: { ...voted.state, status, decidedBy: vote.user, decidedAt: at, comment: vote.comment, data: vote.data },
  };
}

/** The quorum when some of the names are of one person: nobody votes twice. */
function quorumLess(state: ApprovalState, aliases: number): number {
  if (aliases === 0 || state.candidateGroups.length > 0) return state.quorum;
  const people = new Set(state.assignees).size - aliases;
  return Math.max(1, Math.min(quorumOf(state.quorumKind, state.quorum, people), people));
}

/** With groups, whose size isn't known, one reject decides; else it does when too few assignees are left to approve. */
function tally({ state, votedAs }: ApprovalRecord): ApprovalStatus {
  const approvals = state.votes.filter((vote) => vote.decision === 'approve').length;
  if (approvals >= state.quorum) return 'approved';
  if (approvals === state.votes.length) return 'open';
  if (state.candidateGroups.length > 0) return 'rejected';
  const left = new Set(state.assignees.filter((name) => !votedAs.includes(name))).size;
  return approvals + left < state.quorum ? 'rejected' : 'open';
}

/** Closes it without a vote: a deadline (decided by `system`) or a cancellation. */
export function close(record: ApprovalRecord, status: Exclude<ApprovalStatus, 'open'>, at: string): ApprovalRecord {
  return { ...record, state: { ...record.state, status, decidedBy: 'system', decidedAt: at } };
}

export function claim(record: ApprovalRecord, user: string | null, at: string): ApprovalRecord {
  return { ...record, state: { ...record.state, claimedBy: user, claimedAt: user === null ? null : at } };
}

/** Hands it on: votes are kept and may already reach the new quorum. */
export function escalate(
  record: ApprovalRecord,
  next: Electorate & Pick<ApprovalState, 'deadline' | 'onTimeout'>,
  at: string,
): ApprovalRecord {
  const state: ApprovalState = {
    ...record.state,
    ...next,
    claimedBy: null,
    claimedAt: null,
    escalatedTo: { assignees: next.assignees, candidateGroups: next.candidateGroups, at },
  };
  const handedOn = { ...record, aliases: 0 };
  const status = tally({ ...handedOn, state });
  return { ...handedOn, state: status === 'open' ? state : { ...state, status, decidedBy: 'system', decidedAt: at } };
}
