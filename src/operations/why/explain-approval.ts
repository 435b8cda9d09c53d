import type { ApprovalRow } from '../../mirror/read-approvals.ts';
import { weft } from './move.ts';
import { isoOf } from './wait.ts';
import type { Move, Wait } from './wait.ts';

const AT_DEADLINE: { readonly [S in ApprovalRow['onTimeout']]: string } = {
  fail: 'then it expires and its task fails with APPROVAL_EXPIRED',
  approve: 'then it counts as approved',
  reject: 'then it counts as rejected',
  escalate: 'then others are asked',
};

/** Who may decide an approval, how far the votes are, and what the deadline does. */
export function explainApproval(row: ApprovalRow): Wait {
  const { id, title, assignees, candidateGroups, quorum, votes, deadline, claimedBy, selfApproval, startedBy } = row;
  const given = votes.filter(({ decision }) => decision === 'approve').length;
  const who = [...assignees, ...candidateGroups.map((group) => `group ${group}`)].join(', ');
  const notOwn = selfApproval || startedBy === null ? '' : `, not by ${startedBy} who started it`;
  const claimed = claimedBy === null ? '' : `; ${claimedBy} has taken it on`;
  const atDeadline = deadline === null ? '' : `; until ${deadline.toISOString()}, ${AT_DEADLINE[row.onTimeout]}`;
  return {
    path: row.task,
    kind: 'approval',
    since: isoOf(row.createdAt),
    until: isoOf(deadline),
    for: `a decision on '${title}' by ${who}${notOwn}: ${given} of ${quorum} votes${claimed}${atDeadline}`,
    about: {
      ...{ approval: id, title, assignees, candidateGroups, selfApproval, startedBy, claimedBy },
      ...{ quorum, quorumKind: row.quorumKind, votes: votes.map(({ user, decision, at }) => ({ user, decision, at })) },
      onTimeout: deadline === null ? null : row.onTimeout,
      hasForm: row.form !== null,
    },
    moves: [vote(row, 'approve'), vote(row, 'reject')],
  };
}

function vote({ id, form }: ApprovalRow, decision: 'approve' | 'reject'): Move {
  const needsData = form !== null && decision === 'approve';
  return weft(
    needsData ? `${decision} it, with the form's data` : `${decision} it`,
    [decision, id, ...(needsData ? ['--data', '{}'] : [])],
    { method: 'POST', path: ['approvals', id, 'decision'], body: { decision, ...(needsData ? { data: {} } : {}) } },
  );
}
