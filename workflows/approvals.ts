import type { ApprovalState, ClaimRequest, Updates } from '../src/contract.ts';
import type { ApprovalRecord } from './approval-state.ts';
import { castVote, checkClaim, checkRelease, checkVote, claim } from './approval-state.ts';
import { checkRequest } from './check-request.ts';
import type { Host } from './host.ts';
import type { Journal } from './journal.ts';
import { TaskError } from './outcome.ts';
import { checkPayload } from './payload.ts';
import type { Run } from './run-state.ts';

/** With all its votes: each vote is answered with all of it, and tells the mirror all of it. */
const MOST_BYTES = 1_900_000;

/** The approvals of one execution, open and decided: where updates find theirs. */
export type Approvals = {
  readonly get: (id: string) => ApprovalRecord | undefined;
  /** Keeps a new state, tells the mirror, and wakes who waits when it is no longer open. */
  readonly put: (record: ApprovalRecord) => void;
  /** Resolves with the state as soon as it is no longer open. */
  readonly decided: (id: string) => Promise<ApprovalState>;
  /** What a run that goes on needs: the open ones and the last decided, so that who comes late hears by whom. */
  readonly records: () => readonly ApprovalRecord[];
};

const MOST_DECIDED = 200;

export function createApprovals(journal: Journal, before: readonly ApprovalRecord[] = []): Approvals {
  const records = new Map<string, ApprovalRecord>(before.map((record) => [record.state.id, record]));
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

  return {
    get: (id) => records.get(id),
    put,
    decided,
    records: () => {
      const all = [...records.values()];
      const decidedLast = all.filter(({ state }) => state.status !== 'open').slice(-MOST_DECIDED);
      return [...all.filter(({ state }) => state.status === 'open'), ...decidedLast];
    },
  };
}

/** Updates that were answered in this run and those before it, by id, with their approval's. */
export type Answered = Map<string, string>;

/** Of the runs before. */
export const MOST_ANSWERED = 1_000;

/**
 * Answers `decide`, `claim` and `release`; validators refuse, so that a refusal costs no event. Temporal answers an
 * update that is sent again within one run; across runs it is known here.
 */
export function receiveDecisions(run: Run, host: Host, answered: Answered): void {
  const { approvals, journal, turnover, input } = run;
  const { startedBy } = input;

  function find(id: string): ApprovalRecord {
    const record = approvals.get(id);
    if (!record) throw new TaskError('NOT_FOUND', `There is no approval '${id}'.`);
    return record;
  }

  function change(record: ApprovalRecord, update: string): Updates['decide']['answer'] {
    approvals.put(record);
    answered.set(update, record.state.id);
    turnover.countUpdate();
    // Not awaited: a handler that waits would be cut off by continue-as-new.
    void journal.handOver();
    return record.state;
  }

  const now = (): string => new Date(host.now()).toISOString();

  host.receive('decide', {
    validate: (request, update) => {
      checkRequest(request);
      const record = find(request.approvalId);
      if (answered.get(update) === request.approvalId) return;
      checkVote(record, request, startedBy);
      // The answer holds all votes.
      const { state } = castVote(record, request, now());
      checkPayload(state, 'The approval with this vote', { most: MOST_BYTES, code: 'TOO_LARGE' });
    },
    handle: (request, update) =>
      answerAgain(request, update) ?? change(castVote(find(request.approvalId), request, now()), update),
  });
  host.receive('claim', {
    validate: (request, update) => {
      checkRequest(request);
      const record = find(request.approvalId);
      if (answered.get(update) !== request.approvalId) checkClaim(record, request);
    },
    handle: (request, update) =>
      answerAgain(request, update) ?? change(claim(find(request.approvalId), request.actor.id, now()), update),
  });
  host.receive('release', {
    validate: (request, update) => {
      checkRequest(request);
      const record = find(request.approvalId);
      if (answered.get(update) !== request.approvalId) checkRelease(record, request);
    },
    handle: (request, update) =>
      answerAgain(request, update) ?? change(claim(find(request.approvalId), null, now()), update),
  });

  function answerAgain(request: ClaimRequest, update: string): ApprovalState | undefined {
    return answered.get(update) === request.approvalId ? approvals.get(request.approvalId)?.state : undefined;
  }
}
