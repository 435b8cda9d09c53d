import type { ApprovalState } from '../contract.ts';
import type { MirroredApproval } from '../mirror/read-unconfirmed.ts';

/**
 * Whether each approval stands in the mirror as the answers to updates have it. A workflow task that only brings an update
 * may be done twice without a trace in the history; what the first time told of a vote or a claim has another time, or
 * somebody else's name.
 */
export function approvalsAgree(
  mirrored: readonly MirroredApproval[],
  answered: ReadonlyMap<string, ApprovalState> | null,
): boolean {
  if (answered === null) return mirrored.length === 0;
  const known = new Set(mirrored.map(({ id }) => id));
  const areAllThere = [...answered.keys()].every((id) => known.has(id));
  return areAllThere && mirrored.every((approval) => agrees(approval, answered.get(approval.id)));
}

function agrees(approval: MirroredApproval, answer: ApprovalState | undefined): boolean {
  if (approval.authority === 0 || approval.status === 'open') return false;
  const votes = new Map(approval.votes.map((vote) => [vote.user, vote]));
  const hasVotes = (answer?.votes ?? []).every(({ user, decision, at }) => {
    const vote = votes.get(user);
    return vote?.decision === decision && vote.at === Date.parse(at);
  });
  if (!hasVotes || votes.size !== (answer?.votes.length ?? 0)) return false;
  // None is no difference: an escalation takes a claim away.
  const { claimedBy, claimedAt } = approval;
  if (claimedBy !== null && !(answer?.claimedBy === claimedBy && timeOf(answer.claimedAt) === claimedAt)) return false;
  // Otherwise a deadline or a cancellation decided it, whose workflow tasks leave a trace.
  if (answer === undefined || answer.status === 'open') return approval.decidedBy === 'system';
  const { status, decidedBy, decidedAt } = answer;
  return approval.status === status && approval.decidedBy === decidedBy && approval.decidedAt === timeOf(decidedAt);
}

function timeOf(at: string | null): number | null {
  return at === null ? null : Date.parse(at);
}
