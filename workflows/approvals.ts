import type { ApprovalState, Updates } from '../src/contract.ts';
import type { ApprovalRecord } from './approval-state.ts';
import { castVote, checkClaim, checkRelease, checkVote, claim } from './approval-state.ts';
import { checkRequest } from './check-request.ts';
import type { Host } from './host.ts';
import type { Journal } from './journal.ts';
import { TaskError } from './outcome.ts';
import { checkPayload } from './payload.ts';

/** The approvals of one execution, open and decided: where updates find theirs. */
export type Approvals = {
  readonly get: (id: string) => ApprovalRecord | undefined;
  /** Keeps a new state, tells the mirror, and wakes who waits when it is no longer open. */
  readonly put: (record: ApprovalRecord) => void;
  /** Resolves with the state as soon as it is no longer open. */
  readonly decided: (id: string) => Promise<ApprovalState>;
};

export function createApprovals(journal: Journal): Approvals {
  const records = new Map<string, ApprovalRecord>();
  const waiting = new Map<string, (state: ApprovalState) => void>();

  function put(record: ApprovalRecord): void {
    const { id, status } = record.state;
    records.set(id, record);
    journal.approval(record.state);
    if (status === 'open') return;
    waiting.get(id)?.(record.state);
    waiting.delete(id);
  }

  function decided(id: string): Promise<ApprovalState> {
    const record = records.get(id);
    if (record && record.state.status !== 'open') return Promise.resolve(record.state);
    return new Promise((resolve) => void waiting.set(id, resolve));
  }

  return { get: (id) => records.get(id), put, decided };
}

/** Answers `decide`, `claim` and `release`; validators refuse, so that a refusal costs no event. */
export function receiveDecisions(approvals: Approvals, host: Host, journal: Journal, startedBy: string): void {
  function find(id: string): ApprovalRecord {
    const record = approvals.get(id);
    if (!record) throw new TaskError('NOT_FOUND', `There is no approval '${id}'.`);
    return record;
  }

  function change(record: ApprovalRecord): Updates['decide']['answer'] {
    approvals.put(record);
    // Not awaited: a handler that waits would be cut off by continue-as-new.
    void journal.handOver();
    return record.state;
  }

  const now = (): string => new Date(host.now()).toISOString();

  host.receive('decide', {
    validate: (request) => {
      checkRequest(request);
      const record = find(request.approvalId);
      checkVote(record, request, startedBy);
      // The answer holds all votes.
      checkPayload(castVote(record, request, now()).state, 'The approval with this vote', { code: 'TOO_LARGE' });
    },
    handle: (request) => change(castVote(find(request.approvalId), request, now())),
  });
  host.receive('claim', {
    validate: (request) => {
      checkRequest(request);
      checkClaim(find(request.approvalId), request);
    },
    handle: (request) => change(claim(find(request.approvalId), request.actor.id, now())),
  });
  host.receive('release', {
    validate: (request) => {
      checkRequest(request);
      checkRelease(find(request.approvalId), request);
    },
    handle: (request) => change(claim(find(request.approvalId), null, now())),
  });
}
