import type { Json, TaskHeader, Transition, Updates } from '../src/contract.ts';
import type { Retry } from '../src/plan/plan.ts';

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
  /** Rejects with `Cancelled` when the scope is cancelled; never resolves. */
  readonly cancelled: Promise<never>;
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
  /** Shows text beside the execution in the Temporal UI. */
  readonly describe: (text: string) => void;
  /** Answers an update; `validate` and `handle` are synchronous and refuse by throwing a `TaskError`. */
  readonly receive: <Name extends keyof Updates>(name: Name, receiver: Receiver<Name>) => void;
};

export type Scope = Host & { readonly cancel: () => void };

export type Receiver<Name extends keyof Updates> = {
  readonly validate: (request: Updates[Name]['request']) => void;
  readonly handle: (request: Updates[Name]['request']) => Updates[Name]['answer'];
};

export type LocalCall = {
  /** Activity type. */
  readonly name: string;
  readonly input: unknown;
  readonly header?: TaskHeader;
  readonly summary: string;
  /** One attempt, ms. */
  readonly timeout: number;
  /** All attempts, ms. */
  readonly totalTimeout?: number;
  readonly retry: Retry;
};

export type Call = LocalCall & {
  /** Activity id: unique among those in flight. */
  readonly id: string;
  readonly taskQueue?: string;
  /** ms */
  readonly heartbeatTimeout?: number;
};
