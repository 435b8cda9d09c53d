import type { ExecutionStatus, Json } from '../../contract.ts';

/** Whose turn it is. */
export const WAIT_KINDS = [
  'start',
  'order',
  'pause',
  'operator',
  'workflow',
  'worker',
  'task',
  'retry',
  'approval',
  'event',
  'timer',
  'execution',
  'shard',
] as const;
export type WaitKind = (typeof WAIT_KINDS)[number];

/** Something that can be done: in words, as a command where there is one, as a call of the HTTP API where there is one. */
export type Move = { readonly what: string; readonly how: string | null; readonly http: string | null };

/** One of the things an execution waits for. */
export type Wait = {
  /** Of the task; null: the execution itself. */
  readonly path: string | null;
  readonly kind: WaitKind;
  readonly since: string | null;
  /** When it is over at the latest, or goes on by itself. */
  readonly until: string | null;
  /** Completes 'Waits for …'. */
  readonly for: string;
  /** The same as data, by kind. */
  readonly about: { readonly [key: string]: Json };
  readonly moves: readonly Move[];
};

export type Why = {
  readonly id: string;
  readonly status: ExecutionStatus;
  /** A sentence. */
  readonly summary: string;
  /** What holds up everything comes first; at most about fifty. */
  readonly waits: readonly Wait[];
  /** What can be done with the execution as a whole. */
  readonly moves: readonly Move[];
  /** `away`: Temporal doesn't answer, all is from the mirror. */
  readonly temporal: 'asked' | 'away';
};

/** ISO 8601 of a date or ms. */
export function isoOf(time: Date | number | null | undefined): string | null {
  return time === null || time === undefined ? null : new Date(time).toISOString();
}
