import type { RunInput } from '../src/contract.ts';
import type { ApprovalRecord } from './approval-state.ts';
import type { Compensation } from './compensate.ts';
import type { JournalState } from './journal.ts';
import type { Outcome } from './outcome.ts';
import type { OpenState } from './settled.ts';

/** All that a run knows, as JSON: what it hands to the run that goes on after a continue-as-new. */
export type Carried = {
  /** ms, of the execution. */
  readonly startedAt: number;
  readonly settled: { readonly [path: string]: Outcome };
  readonly open: { readonly [path: string]: OpenState };
  readonly approvals: readonly ApprovalRecord[];
  /** Updates answered before, by id, with their approval's: Temporal itself knows those of one run only. */
  readonly answered: readonly (readonly [update: string, approval: string])[];
  readonly compensations: readonly Compensation[];
  readonly journal: JournalState;
  readonly pausedBy: string | null;
  readonly isCancelled: boolean;
  /** By `next`. */
  readonly jumps: number;
};

/** What the run before handed over; undefined in the first one. */
export function carriedOf({ carried }: RunInput): Carried | undefined {
  return carried as Carried | undefined;
}
