/** Facts: what the writer turns into rows. Each names its row and carries its order, so any permutation and duplication ends in the same rows. */
import type { ApprovalState, ErrorInfo, ExecutionStatus, Json, TaskIdentity, TaskStatus } from '../contract.ts';

/** 0 provisional (worker), 1 reported (workflow), 2 confirmed (Temporal's close status or its history). */
export type Authority = 0 | 1 | 2;

/** Two writes to one row are ordered by these five, in this order. */
export type Order = {
  readonly epoch: number;
  readonly authority: Authority;
  /** At 0 the attempt's schedule time or the workflow's clock, ms; at 1 the workflow's counter; at 2 run number × 100,000 + event id. */
  readonly ord: number;
  readonly attempt: number;
  readonly stateRank: number;
};

/** Which execution a fact is about; enough to make its stub row. */
export type Subject = {
  readonly tenant: string;
  readonly executionId: string;
  /** ISO 8601: accepted at; the partition key of attempts. */
  readonly executionCreatedAt: string;
};

export type TaskFact = Subject &
  Order & {
    readonly kind: 'task';
    readonly task: TaskIdentity;
    readonly status: TaskStatus;
    /** 0 where it is not known: the row keeps the greater. */
    readonly retryCount: number;
    readonly maxRetries: number | null;
    /** Left out = the row keeps what it has. */
    readonly input?: Json;
    readonly result?: Json;
    readonly error?: ErrorInfo | undefined;
    readonly local: boolean;
    /** ms */
    readonly startedAt: number | null;
    readonly endedAt: number | null;
  };

export type AttemptFact = Subject &
  Order & {
    readonly kind: 'attempt';
    readonly path: string;
    readonly runId: string;
    readonly status: 'running' | 'success' | 'failed' | 'timeout' | 'cancelled' | 'lost';
    readonly error?: ErrorInfo | undefined;
    readonly retryable: boolean | null;
    /** ms */
    readonly nextRetryAt: number | null;
    readonly worker: string;
    readonly local: boolean;
    /** ms */
    readonly startedAt: number;
    readonly endedAt: number | null;
  };

export type ExecutionFact = Subject &
  Order & {
    readonly kind: 'execution';
    readonly status: ExecutionStatus;
    readonly temporalRunId?: string | undefined;
    readonly pausedBy?: string | null;
    readonly output?: Json;
    readonly error?: ErrorInfo | undefined;
    readonly currentPath?: string | null;
    readonly waitingFor?: Json;
    readonly completedTasks?: number;
    readonly totalTasks?: number;
    /** ms */
    readonly startedAt: number | null;
    readonly endedAt: number | null;
  };

export type ApprovalFact = Subject & Order & { readonly kind: 'approval'; readonly approval: ApprovalState };

/** A row of `execution_history`; `eventKey` makes it unique in its execution, `at` (ms) is its time. */
export type HistoryFact = Subject & {
  readonly kind: 'history';
  readonly eventKey: string;
  readonly eventType: string;
  readonly at: number;
  readonly path: string | null;
  readonly actor: string | null;
  readonly data: Json;
};

/** A line an executor logged. */
export type LogFact = Subject & {
  readonly kind: 'log';
  readonly path: string | null;
  readonly attempt: number | null;
  readonly level: 'debug' | 'info' | 'warning' | 'error' | 'critical';
  readonly message: string;
  readonly context: Json;
  readonly at: number;
};

export type Fact = TaskFact | AttemptFact | ExecutionFact | ApprovalFact | HistoryFact | LogFact;

/** Settles ties between writes with the same `ord` and attempt: a later state of one attempt wins. */
export const TASK_STATE_RANK: { readonly [S in TaskStatus]: number } = {
  pending: 0,
  running: 1,
  waiting: 2,
  retry: 3,
  success: 4,
  failed: 4,
  skipped: 4,
  cancelled: 5,
  timeout: 5,
};

export const EXECUTION_STATE_RANK: { readonly [S in ExecutionStatus]: number } = {
  pending: 0,
  running: 1,
  paused: 2,
  success: 3,
  failed: 3,
  timeout: 4,
  cancelled: 4,
};
