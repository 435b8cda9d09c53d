/**
 * What the interpreter says to the engine's own activities and to its worker, and what others say to it: calls, sinks,
 * signals, shards. Types and names alone, as in the contract.
 */
import type { ErrorInfo, HandOver, Json, TaskHeader, Transition } from './contract.ts';
import type { Retry } from './plan/plan.ts';

/** Activity types of the engine itself, see {@link EngineCalls}; a dot is in no executor's name. */
export const OPEN_EVENT_WAIT = 'weft.openEventWait';
export const CLOSE_EVENT_WAIT = 'weft.closeEventWait';
export const EMIT_EVENT = 'weft.emitEvent';
export const START_CHILD = 'weft.startChild';
export const END_CHILD = 'weft.endChild';
export const BREATHE = 'weft.breathe';
/** Activity type of a group, see {@link LocalGroup}. */
export const LOCAL_GROUP = 'weft.localGroup';
/** Activity type of a series, see {@link LocalSeries}. */
export const LOCAL_SERIES = 'weft.localSeries';

/**
 * First attempts of local tasks that begin at the same moment, as one local activity. Its answer has the results by path
 * of those that succeeded quickly; each other is called alone then, which gives what the attempt that has begun comes to.
 */
export type LocalGroup = {
  readonly input: { readonly calls: readonly GroupedCall[] };
  readonly answer: { readonly [path: string]: Json };
};

/**
 * First attempts of local tasks that come one after the other, as one local activity: each begins when the one before it
 * has succeeded. Its answer has by path those that have begun; the last of them, where it isn't through quickly, is called
 * alone then.
 */
export type LocalSeries = {
  readonly input: { readonly calls: readonly GroupedCall[] };
  readonly answer: { readonly [path: string]: InSeries };
};

/** `from` and `to` are ms since the series began; without `to` and `result` where it hasn't succeeded. */
export type InSeries = { readonly from: number } & (
  { readonly to: number; readonly result: Json } | { readonly to?: never }
);

/** Local activities that tasks share. */
export type SharedCalls = { readonly [LOCAL_GROUP]: LocalGroup; readonly [LOCAL_SERIES]: LocalSeries };

/** What a local activity of its own would be called with. */
export type GroupedCall = {
  /** Activity type. */
  readonly name: string;
  readonly input: unknown;
  readonly header: TaskHeader;
  /** One attempt, ms. */
  readonly timeout: number;
  /** All attempts, ms. */
  readonly totalTimeout?: number;
  readonly retry: Retry;
};

/** Some iterations of a `foreach`, and what its tasks see. */
export type Shard = {
  readonly id: string;
  /** Of the task. */
  readonly path: string;
  readonly taskId: string;
  /** Of the first item among all. */
  readonly first: number;
  readonly items: readonly Json[];
  /** At once. */
  readonly width: number;
  /** Failures it may put up with. */
  readonly allowedFailures: number;
  readonly vars: { readonly [name: string]: Json };
  readonly tasks: { readonly [id: string]: { readonly output: Json; readonly status: string; readonly error: Json } };
  readonly locals: { readonly [root: string]: Json };
};

/** An event as expressions see it (`$event`). */
export type EventInfo = {
  readonly id: string;
  readonly name: string;
  readonly key: string | null;
  readonly data: Json;
  /** ISO 8601, when it was accepted. */
  readonly at: string;
};

/**
 * The engine's own activities: input and answer by activity type. All are normal ones, repeated until they succeed or
 * fail with a code; doing one twice is doing it once.
 */
export type EngineCalls = {
  /** Registers a wait (once for execution and path) and answers the events that came before it, oldest first. */
  readonly [OPEN_EVENT_WAIT]: {
    readonly input: {
      readonly tenant: string;
      readonly executionId: string;
      readonly path: string;
      readonly name: string;
      readonly key: string | null;
      /** For people: the workflow itself sorts out what doesn't fit. */
      readonly where: string | null;
      readonly count: number;
      /** ISO 8601 */
      readonly expiresAt: string | null;
    };
    readonly answer: { readonly events: readonly EventInfo[] };
  };
  /** Ends a wait: what it took doesn't count for later waits of this execution, anything else does. */
  readonly [CLOSE_EVENT_WAIT]: {
    readonly input: {
      readonly tenant: string;
      readonly executionId: string;
      readonly path: string;
      /** Ids of events. */
      readonly taken: readonly string[];
    };
    readonly answer: null;
  };
  readonly [EMIT_EVENT]: {
    readonly input: {
      readonly tenant: string;
      readonly executionId: string;
      /** Of all with the same one the first is kept. */
      readonly dedupeKey: string;
      readonly name: string;
      readonly key: string | null;
      readonly data: Json;
    };
    readonly answer: { readonly id: string };
  };
  /** Accepts and starts a child execution under an id made of parent, path and attempt. */
  readonly [START_CHILD]: {
    readonly input: {
      readonly tenant: string;
      /** The parent. */
      readonly executionId: string;
      readonly path: string;
      readonly attempt: number;
      readonly workflow: string;
      /** Null: the current one. */
      readonly version: string | null;
      readonly input: Json;
      readonly mode: 'wait' | 'detach';
      readonly onParentClose: 'cancel' | 'terminate' | 'abandon';
      readonly startedBy: string;
      readonly correlationId: string | null;
    };
    readonly answer: {
      readonly executionId: string;
      /** Of one that is over already, as after a reset of its parent, which may have heard of it too early. */
      readonly end?: Signals['childEnded'];
    };
  };
  /** Asks a child execution to end; one that has ended already is no error. */
  readonly [END_CHILD]: {
    readonly input: {
      readonly tenant: string;
      /** The child. */
      readonly executionId: string;
      readonly how: 'cancel' | 'terminate';
      readonly reason: string;
    };
    readonly answer: null;
  };
  /** Does nothing: its answer begins another workflow task, at once. */
  readonly [BREATHE]: { readonly input: null; readonly answer: null };
};

/**
 * The workflow's signals, by name. Each may come more than once, and for what is over: what is known already or no
 * longer waited for changes nothing.
 */
export type Signals = {
  readonly events: { readonly deliveries: readonly { readonly path: string; readonly event: EventInfo }[] };
  /** A child of a `sub_workflow` that waits has ended, for whatever reason. */
  readonly childEnded: {
    readonly executionId: string;
    readonly status: 'success' | 'failed' | 'cancelled' | 'timeout';
    readonly output?: Json;
    readonly error?: ErrorInfo;
  };
  /** A shard has ended: `result` is made and read by the interpreter alone. */
  readonly shardEnded: { readonly id: string; readonly result: Json };
  /** The execution is paused or goes on; so does its shard. */
  readonly pauseShard: { readonly pausedBy: string | null };
};

/** What the interpreter tells its worker beside the history; nothing comes back. */
export type MirrorSinks = {
  readonly mirror: {
    /** Shown live, best effort. */
    readonly transition: (subject: Omit<HandOver, 'transitions'>, transition: Transition) => void;
    /** The workflow task ends when the mirror has it, or its time is up. */
    readonly handOver: (handOver: HandOver) => void;
    /** The same, for all that the worker itself recorded. */
    readonly barrier: () => void;
    /** Facts that a hand-over would tell later; nothing waits for them. */
    readonly handOverAhead: (handOver: HandOver) => void;
  };
};
