import type { ApprovalState } from '../contract.ts';
import type { ApprovalRow } from '../mirror/read-approvals.ts';

/** An approval as its workflow answers it just now, over what the mirror has of it; people by their usernames. */
export function showState(row: ApprovalRow, state: ApprovalState, usernames: ReadonlyMap<string, string>): ApprovalRow {
  const nameOf = (id: string) => usernames.get(id) ?? id;
  return {
    ...row,
    status: state.status,
    assignees: state.assignees,
    candidateGroups: state.candidateGroups,
    quorumKind: state.quorumKind,
    quorum: state.quorum,
    deadline: state.deadline === null ? null : new Date(state.deadline),
    votes: state.votes.map((vote) => ({ ...vote, user: nameOf(vote.user) })),
    claimedBy: state.claimedBy === null ? null : nameOf(state.claimedBy),
    decidedBy: state.decidedBy === null ? null : nameOf(state.decidedBy),
    decidedAt: state.decidedAt === null ? null : new Date(state.decidedAt),
  };
}
