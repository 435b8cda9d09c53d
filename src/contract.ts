/**
 * What the API, the worker and the workflow say to each other: statuses, the workflow's input, its transitions and
 * updates. Imports nothing but the Plan's types, so that the workflow bundle may hold it.
 */
import type { Shard } from './messages.ts';
import type { Plan } from './plan/plan.ts';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/**
 * Written into every start; an interpreter refuses what it is too old for. 2: the last hand-over leaves nothing in
 * the history, and a breath is an activity.
 */
export const ENGINE_VERSION = 2;
export const DEFAULT_TENANT = 'default';
export const DEFAULT_TASK_QUEUE = 'weft';
/** The one header that every activity carries for other task queues, in any language; its value is a {@link TaskHeader}. */
export const TASK_HEADER = 'weft-task';
/** Stands in its place where only Weft's own workers read it; its value is packed (`task-header.ts`). */
export const PACKED_TASK_HEADER = 'weft';
/** Metadata of a payload that stays where it is however large: its reader may know nothing of `weft.payloads`. */
export const INLINE = 'weft-inline';
/** Activity type of a hand-over that leaves a marker in the history. */
export const HAND_OVER = 'weft.handOver';

export const EXECUTION_STATUSES = [
  'pending',
  'running',
  'paused',
  'success',
  'failed',
  'cancelled',
  'timeout',
] as const;
export type ExecutionStatus = (typeof EXECUTION_STATUSES)[number];
export const ENDED_EXECUTION_STATUSES = [
  'success',
  'failed',
  'cancelled',
  'timeout',
] as const satisfies ExecutionStatus[];

export const TASK_STATUSES = [
  'pending',
  'running',
  'waiting',
  'retry',
  'success',
  'failed',
  'skipped',
  'cancelled',
  'timeout',
] as const;
export type TaskStatus = (typeof TASK_STATUSES)[number];

export const APPROVAL_STATUSES = ['open', 'approved', 'rejected', 'expired', 'cancelled'] as const;
export type ApprovalStatus = (typeof APPROVAL_STATUSES)[number];

/** A task's or an execution's error as the API, the mirror and `$error` show it; `code` is UPPER_SNAKE. */
export type ErrorInfo = {
  readonly code: string;
  readonly detail: string;
  /** Path of the task that failed. */
  readonly task?: string;
  readonly attempt?: number;
  readonly cause?: ErrorInfo;
};

/** What `$execution` shows to expressions. */
export type ExecutionInfo = {
  readonly id: string;
  /** The first execution of a chain of redrives; effects are deduplicated by it. */
  readonly rootId: string;
  readonly workflow: string;
  readonly version: string;
  readonly correlationId: string | null;
  /** ISO 8601, when the start was accepted. */
  readonly createdAt: string;
};

/** The one argument of the default workflow. */
export type RunInput = {
  readonly engineVersion: number;
  readonly tenant: string;
  readonly execution: ExecutionInfo;
  /** User id of who started it: may not approve unless `selfApproval`. */
  readonly startedBy: string;
  readonly plan: Plan;
  readonly input: Json;
  /** False turns all local activities of this execution into normal ones. */
  readonly localActivities: boolean;
  /** Set where it is the child of a `sub_workflow` that waits: who is told of its end. */
  readonly parent?: { readonly executionId: string; readonly path: string };
  /** Set in a shard of a large `foreach`: it is no execution, what it tells the mirror is the execution's. */
  readonly shard?: Shard;
  /** What the run before has done, after a continue-as-new; made and read by the interpreter alone. */
  readonly carried?: Json;
};

/** Travels with every activity of an execution, set by the one outbound interceptor. */
export type TaskHeader = {
  readonly tenant: string;
  readonly executionId: string;
  readonly executionCreatedAt: string;
  readonly task: TaskIdentity;
  /** Null = unlimited. */
  readonly maxAttempts: number | null;
  /** When the workflow came to the task: its clock, ms. */
  readonly startedAt: number;
  /** Root execution id + path: the same over attempts, resets and redrives. */
  readonly idempotencyKey: string;
};

/** What names a task's row in the mirror; the same in every fact about it. */
export type TaskIdentity = {
  /** Unique in its execution, e.g. `/each[17]/send`. */
  readonly path: string;
  readonly taskId: string;
  readonly type: string;
  readonly executor?: string;
  readonly title?: string;
  readonly parentPath?: string;
  readonly itemIndex?: number;
  readonly dependencies: readonly string[];
  /** Position of the task in a walk of the Plan. */
  readonly order: number;
};

/** One change the workflow decided. `ord` is the workflow's own counter, `at` its clock in ms. */
export type Transition = { readonly ord: number; readonly at: number } & (
  TaskTransition | ExecutionTransition | ApprovalTransition
);

export type TaskTransition = {
  readonly kind: 'task';
  readonly task: TaskIdentity;
  readonly status: TaskStatus;
  /** ms; null where the task never started (skipped, cancelled before). */
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  /** Number of the attempt where the workflow knows it (failures), else 0. */
  readonly attempt: number;
  readonly maxAttempts?: number | null | undefined;
  readonly input?: Json | undefined;
  readonly output?: Json | undefined;
  readonly error?: ErrorInfo | undefined;
};

export type ExecutionTransition = {
  readonly kind: 'execution';
  readonly status: ExecutionStatus;
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly output?: Json;
  readonly error?: ErrorInfo;
  readonly pausedBy: string | null;
  readonly currentPath: string | null;
  readonly waitingFor: Json;
  readonly completedTasks: number;
  readonly totalTasks: number;
  /** The order of a person that this is the answer to: makes its event in the history. */
  readonly command?: { readonly action: 'pause' | 'resume'; readonly by: string; readonly reason: string | null };
};

export type Vote = {
  readonly user: string;
  readonly decision: 'approve' | 'reject';
  readonly comment: string | null;
  readonly data: Json;
  readonly channel: VoteChannel;
  /** ISO 8601. */
  readonly at: string;
};
export type VoteChannel = 'api' | 'cli' | 'link' | 'sql' | 'console';

/** An approval, whole, as of this moment: later ones replace earlier ones. */
export type ApprovalTransition = {
  readonly kind: 'approval';
  readonly approval: ApprovalState;
};

export type ApprovalState = {
  /** {@link approvalId} of execution, path and round. */
  readonly id: string;
  readonly path: string;
  readonly round: number;
  readonly title: string;
  readonly description: string | null;
  readonly status: ApprovalStatus;
  readonly assignees: readonly string[];
  readonly candidateGroups: readonly string[];
  readonly quorumKind: 'count' | 'all' | 'majority';
  readonly quorum: number;
  readonly selfApproval: boolean;
  readonly form: Json;
  readonly onTimeout: 'fail' | 'approve' | 'reject' | 'escalate';
  readonly onReject: 'fail' | 'continue';
  /** ISO 8601 or null. */
  readonly deadline: string | null;
  readonly claimedBy: string | null;
  readonly claimedAt: string | null;
  /** Set once escalated: who may vote now. */
  readonly escalatedTo: Json;
  readonly votes: readonly Vote[];
  readonly createdAt: string;
  readonly decidedBy: string | null;
  readonly decidedAt: string | null;
  readonly comment: string | null;
  readonly data: Json;
};

/** Input of the hand-over activity. */
export type HandOver = {
  readonly tenant: string;
  readonly executionId: string;
  readonly executionCreatedAt: string;
  readonly transitions: readonly Transition[];
};

/** Who acts, as the API authenticated them; `groups` are the user's groups and roles. */
export type Actor = {
  readonly id: string;
  /** Names an `assignees` entry may use: id, username, email. */
  readonly names: readonly string[];
  readonly groups: readonly string[];
};

export type DecideRequest = {
  readonly approvalId: string;
  readonly decision: 'approve' | 'reject';
  readonly comment: string | null;
  readonly data: Json;
  readonly actor: Actor;
  readonly channel: VoteChannel;
};
export type ClaimRequest = { readonly approvalId: string; readonly actor: Actor };
export type PauseRequest = { readonly actor: Actor; readonly reason: string | null };

/**
 * The workflow's updates, by name: request and answer. A refused one fails with an ApplicationFailure whose `type` is
 * NOT_FOUND, ALREADY_DECIDED, FORBIDDEN, CONFLICT or EXECUTION_ENDED and whose first detail is the approval's state
 * where there is one.
 */
export type Updates = {
  readonly decide: { readonly request: DecideRequest; readonly answer: ApprovalState };
  readonly claim: { readonly request: ClaimRequest; readonly answer: ApprovalState };
  readonly release: { readonly request: ClaimRequest; readonly answer: ApprovalState };
  readonly pause: { readonly request: PauseRequest; readonly answer: { readonly status: ExecutionStatus } };
  readonly resume: { readonly request: PauseRequest; readonly answer: { readonly status: ExecutionStatus } };
};
