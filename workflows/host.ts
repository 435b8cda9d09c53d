import type { HandOver, Json, RunInput, TaskHeader, Transition, Updates } from '../src/contract.ts';
import type { GroupedCall, Signals } from '../src/messages.ts';

/**
 * All that the interpreter asks of the world. A host belongs to one cancellation scope: once that is cancelled every
 * pending and every new `call`, `callLocal` and `sleep` of it rejects with `Cancelled`. Nothing else in the interpreter
 * is non-deterministic, so whoever provides these can run it: Temporal, or a test in virtual time.
 */
export type Host = {
  /** ms; the same when replayed. */
  readonly now: () => number;
  /** In [0, 1); the same when replayed. */
  readonly random: () => number;
  /**
   * Whether this run has a change of the interpreter; false in the replay of a history from before it. Whatever orders
   * other commands than it did stands behind it: CONTRIBUTING.md says how, and when it may go.
   */
  readonly patched: (change: string) => boolean;
  /** Rejects with `Cancelled` when the scope is cancelled; never resolves. */
  readonly cancelled: Promise<never>;
  readonly isCancelled: () => boolean;
  readonly sleep: (ms: number, summary: string) => Promise<void>;
  /** A normal activity; rejects with `TaskError` once its attempts are used up. */
  readonly call: (call: Call) => Promise<Json>;
  /** A local activity: one marker in the history, no round trip. */
  readonly callLocal: (call: LocalCall) => Promise<Json>;
  /** A scope within this one. */
  readonly scope: () => Scope;
  /** A host that goes on when this one is cancelled. */
  readonly shield: () => Host;
  /** Shows a transition live; best effort, never during replay, leaves nothing in the history. */
  readonly report: (transition: Transition) => void;
  /** Tells facts; the workflow task ends when the mirror has them, or its time is up. Never during replay, leaves nothing in the history. */
  readonly handOver: (handOver: HandOver) => void;
  /** Tells facts that a hand-over would tell later, and nothing waits for them; false in a replay, where nobody hears. Leaves nothing in the history. */
  readonly handOverAhead: (transitions: readonly Transition[]) => boolean;
  /** Shows text beside the execution in the Temporal UI. */
  readonly describe: (text: string) => void;
  /** Answers an update; `validate` and `handle` refuse by throwing a `TaskError`. What `handle` does before it awaits comes in order. */
  readonly receive: <Name extends keyof Updates>(name: Name, receiver: Receiver<Name>) => void;
  /** Takes a signal, synchronously; also those that came before. */
  readonly hear: <Name extends keyof Signals>(name: Name, handle: (signal: Signals[Name]) => void) => void;
  /** Signals another execution of the tenant; rejects when there is none that runs. */
  readonly tell: <Name extends keyof Signals>(executionId: string, name: Name, signal: Signals[Name]) => Promise<void>;
  /** Starts a shard; `closed` resolves when it has ended in whatever way, for as long as this run lasts. */
  readonly startShard: (input: RunInput, id: string) => Promise<{ readonly closed: Promise<void> }>;
  readonly cancelShard: (id: string) => Promise<void>;
  /** How long this run's history is; `isLong` when Temporal advises to go on in another run. */
  readonly history: () => { readonly events: number; readonly bytes: number; readonly isLong: boolean };
};

export type Scope = Host & { readonly cancel: () => void };

export type Receiver<Name extends keyof Updates> = {
  readonly validate: (request: Updates[Name]['request'], id: string) => void;
  /** `id`: the same when one update is sent again. */
  readonly handle: (
    request: Updates[Name]['request'],
    id: string,
  ) => Updates[Name]['answer'] | Promise<Updates[Name]['answer']>;
};

export type LocalCall = Omit<GroupedCall, 'header'> & {
  readonly header?: TaskHeader;
  readonly summary: string;
};

export type Call = LocalCall & {
  /** Activity id: unique among those in flight. */
  readonly id: string;
  readonly taskQueue?: string;
  /** ms */
  readonly heartbeatTimeout?: number;
  /** Goes before others that wait for a worker. */
  readonly isUrgent?: boolean;
};
