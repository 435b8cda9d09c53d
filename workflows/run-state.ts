import type { Json, RunInput } from '../src/contract.ts';
import type { EventInfo, Signals } from '../src/messages.ts';
import type { PlanTask } from '../src/plan/plan.ts';
import type { Evaluator } from '../src/expression/evaluate.ts';
import type { Approvals } from './approvals.ts';
import type { Breath } from './breath.ts';
import type { Compensation } from './compensate.ts';
import type { Journal } from './journal.ts';
import type { LocalCalls } from './local-calls.ts';
import type { Mailbox } from './mailbox.ts';
import type { PauseGate } from './pause.ts';
import type { BegunEarly, Pace } from './series.ts';
import type { Settled } from './settled.ts';
import type { Turnover } from './turnover.ts';

/** What all tasks of one execution share. */
export type Run = {
  readonly input: RunInput;
  readonly evaluator: Evaluator;
  readonly journal: Journal;
  readonly settled: Settled;
  readonly approvals: Approvals;
  readonly pause: PauseGate;
  readonly breath: Breath;
  readonly localCalls: LocalCalls;
  /** By path, until they are through. */
  readonly begunEarly: Map<string, BegunEarly>;
  /** Of tasks that go in series. */
  readonly paces: Map<PlanTask, Pace>;
  readonly turnover: Turnover;
  /** Events by path of the waiting task. */
  readonly events: Mailbox<EventInfo>;
  /** Ends of child executions by their id. */
  readonly children: Mailbox<Signals['childEnded']>;
  /** Ends of shards by their id. */
  readonly shards: Mailbox<Json>;
  /** Ids of the shards that run. */
  readonly openShards: Set<string>;
  /** What takes back finished tasks, in the order they finished. */
  readonly compensations: Compensation[];
  /** Jumps taken by `next`. */
  readonly jumps: { taken: number };
  /** Whether a run before this one counted what is settled already. */
  readonly isContinued: boolean;
};
