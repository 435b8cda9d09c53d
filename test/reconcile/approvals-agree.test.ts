import { expect, it } from 'vitest';
import type { ApprovalState } from '../../src/contract.ts';
import type { MirroredApproval } from '../../src/mirror/read-unconfirmed.ts';
import { approvalsAgree } from '../../src/reconcile/approvals-agree.ts';

const at = (ms: number): string => new Date(ms).toISOString();
const vote = { user: 'boss', decision: 'approve', comment: null, data: null, channel: 'api', at: at(2) } as const;
/** Fields that are compared. */
const answer = {
  id: 'a',
  status: 'approved',
  claimedBy: 'boss',
  claimedAt: at(1),
  decidedBy: 'boss',
  decidedAt: at(2),
  votes: [vote],
} as unknown as ApprovalState;
const mirrored: MirroredApproval = {
  ...{ id: 'a', authority: 1, status: 'approved', claimedBy: 'boss', claimedAt: 1, decidedBy: 'boss', decidedAt: 2 },
  votes: [{ user: 'boss', decision: 'approve', at: 2 }],
};
const untouched: MirroredApproval = {
  ...{ ...mirrored, status: 'expired', claimedBy: null, claimedAt: null, decidedBy: 'system', votes: [] },
};
const claimed = { ...answer, status: 'open', decidedBy: null, decidedAt: null, votes: [] } as ApprovalState;

it.each<[string, boolean, MirroredApproval, ApprovalState | undefined]>([
  ['a decision as it was answered', true, mirrored, answer],
  ['told live alone', false, { ...mirrored, authority: 0 }, answer],
  ['open at the end', false, { ...mirrored, status: 'open' }, claimed],
  ['another decision', false, { ...mirrored, status: 'rejected' }, answer],
  ['decided by another one', false, { ...mirrored, decidedBy: 'other' }, answer],
  ['decided at another time', false, { ...mirrored, decidedAt: 1 }, answer],
  ['a vote at another time', false, { ...mirrored, votes: [{ user: 'boss', decision: 'approve', at: 1 }] }, answer],
  ['another vote', false, { ...mirrored, votes: [{ user: 'boss', decision: 'reject', at: 2 }] }, answer],
  [
    'a vote too many',
    false,
    { ...mirrored, votes: [...mirrored.votes, { user: 'x', decision: 'approve', at: 2 }] },
    answer,
  ],
  ['a vote too few', false, { ...mirrored, votes: [] }, answer],
  ['claimed at another time', false, { ...mirrored, claimedAt: 2 }, answer],
  ['claimed by another one', false, { ...mirrored, claimedBy: 'other' }, answer],
  ['ended by a deadline', true, untouched, undefined],
  ['ended by a deadline, after a claim', true, { ...untouched, claimedBy: 'boss', claimedAt: 1 }, claimed],
  ['a claim that nothing answered', false, { ...untouched, claimedBy: 'boss', claimedAt: 1 }, undefined],
  ['a vote that nothing answered', false, { ...untouched, votes: mirrored.votes }, undefined],
  ['a decision that nothing answered', false, { ...untouched, decidedBy: 'boss' }, undefined],
])('%s: %s', (_, expected, approval, state) => {
  expect(approvalsAgree([approval], new Map(state && [['a', state]]))).toBe(expected);
});

it('one that is missing in the mirror', () => {
  expect(approvalsAgree([], new Map([['a', answer]]))).toBe(false);
});

it('a history that is too long is not compared', () => {
  expect(approvalsAgree([untouched], null)).toBe(false);
  expect(approvalsAgree([], null)).toBe(true);
});
