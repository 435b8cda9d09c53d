import type { RunInput } from '../src/contract.ts';
import type { Evaluator } from '../src/expression/evaluate.ts';
import type { Approvals } from './approvals.ts';
import type { Breath } from './breath.ts';
import type { Journal } from './journal.ts';
import type { PauseGate } from './pause.ts';
import type { Settled } from './settled.ts';

/** What all tasks of one execution share. */
export type Run = {
  readonly input: RunInput;
  readonly evaluator: Evaluator;
  readonly journal: Journal;
  readonly settled: Settled;
  readonly approvals: Approvals;
  readonly pause: PauseGate;
  readonly breath: Breath;
};
