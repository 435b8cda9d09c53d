import type { Json, Transition, Updates } from '../../src/contract.ts';
import type { Host } from '../../workflows/host.ts';
import type { FakeChild } from './fake-children.ts';
import type { FakeEvents } from './fake-events.ts';
import type { VirtualTime } from './virtual-time.ts';

export type FakeExecutor = (context: {
  readonly input: Json;
  readonly attempt: number;
  readonly path: string;
  readonly key: string;
  /** ms of virtual time; rejects when the call is cancelled. */
  readonly sleep: (ms: number) => Promise<void>;
}) => Promise<Json> | Json;

export type MadeCall = {
  readonly name: string;
  readonly path: string;
  readonly local: boolean;
  readonly attempt: number;
};

export type FakeWorld = {
  /** Of the first run. */
  readonly host: Host;
  /** The host of a run that goes on; what the one before waited for is forgotten. @throws Error where a call was under way */
  readonly nextRun: () => Host;
  readonly events: FakeEvents;
  /** What was told to other executions. */
  readonly told: readonly { readonly executionId: string; readonly name: string; readonly signal: unknown }[];
  readonly time: VirtualTime;
  /** All transitions shown live, in order. */
  readonly live: readonly Transition[];
  /** All transitions handed over as facts, in the order they were decided in, which is what the mirror goes by. */
  readonly facts: readonly Transition[];
  /** How many of them each hand-over had that leaves a marker or ends a run, and each that was told ahead. */
  readonly handedOver: { readonly kept: readonly number[]; readonly ahead: readonly number[] };
  readonly calls: readonly MadeCall[];
  /** How many local tasks each group had. */
  readonly groups: readonly number[];
  /** The same of each series. */
  readonly series: readonly number[];
  readonly cancel: () => void;
  /** Sends an update as Temporal does: the validator first; returns its answer, or a promise of that. @throws TaskError when refused */
  readonly send: <Name extends keyof Updates>(name: Name, request: Updates[Name]['request'], id?: string) => unknown;
};

export type FakeOptions = {
  readonly start?: number;
  /** Child executions by workflow. */
  readonly children?: { readonly [workflow: string]: FakeChild };
  /** Asked again and again: whether the history is so long that another run should go on. */
  readonly isLong?: () => boolean;
  /** Nobody hears what is told ahead. */
  readonly isReplay?: boolean;
  /** Whether the run has a change of the interpreter. @default true */
  readonly isPatched?: boolean;
};
