/**
 * The Plan: the one internal form every dialect compiles to and the workflow runs. JSON, frozen, versioned; all
 * durations are ms, all defaults are filled in, everything static is known. Imports nothing.
 */

/** JSON in which strings may hold `{% expression %}`; a string that is one expression gives a typed value. */
export type Template = null | boolean | number | string | readonly Template[] | { readonly [key: string]: Template };
/** The text between `{%` and `%}`. */
export type Expression = string;

export const PLAN_VERSION = 1;

export type Plan = {
  readonly planVersion: number;
  readonly name: string;
  readonly version: string;
  readonly title?: string;
  /** Of the whole execution, ms. */
  readonly timeout?: number;
  /** First values of `$vars`. */
  readonly vars?: Template;
  /** Output of the execution; without it the last task's. */
  readonly output?: Template;
  readonly tasks: TaskList;
  /** Static tasks, a loop counted as one. */
  readonly totalTasks: number;
};

/** In the order they were written; `after` gives what each waits for. */
export type TaskList = readonly PlanTask[];

export type Retry = {
  /** 0 = unlimited. */
  readonly maxAttempts: number;
  /** ms */
  readonly initialInterval: number;
  readonly backoffCoefficient: number;
  /** ms */
  readonly maximumInterval: number;
  /** Error codes. */
  readonly nonRetryable: readonly string[];
};

type TaskFields = {
  executor: {
    readonly executor: string;
    readonly with: Template;
    readonly taskQueue?: string;
    /** One attempt, ms. */
    readonly timeout: number;
    readonly heartbeatTimeout?: number;
    readonly retry: Retry;
    readonly local: boolean;
  };
  set: { readonly vars: { readonly [name: string]: Template } };
  condition: { readonly condition: Expression; readonly then: TaskList; readonly else: TaskList };
  sequential: { readonly tasks: TaskList };
  parallel: { readonly branches: { readonly [name: string]: TaskList }; readonly maxConcurrency: number };
  foreach: {
    readonly items: Template;
    /** Name of the further root that holds the item, beside `$item`. */
    readonly as?: string;
    readonly tasks: TaskList;
    readonly maxConcurrency: number;
    readonly collect: 'all' | 'last' | 'none';
  };
  /** A duration (`10s`, or ms) or a point in time (ISO 8601), either may come from an expression. */
  wait: { readonly for?: Template; readonly until?: Template };
  approval: ApprovalFields;
  fail: { readonly code: string; readonly detail: Template };
  end: { readonly result?: Template };
};

export type ApprovalFields = {
  readonly subject: Template;
  readonly description?: Template;
  readonly selfApproval: boolean;
  readonly quorum: { readonly kind: 'count' | 'all' | 'majority'; readonly count: number };
  /** JSON Schema of the decision's data. */
  readonly form?: Template;
  readonly onReject: 'fail' | 'continue';
} & ApprovalStage;

/** Who may vote and until when; `escalateTo` is the next one. */
export type ApprovalStage = {
  readonly assignees: Template;
  readonly candidateGroups: Template;
  /** A duration; from an expression where it is a string with `{% %}`. */
  readonly deadline?: Template;
  readonly onTimeout: 'fail' | 'approve' | 'reject' | 'escalate';
  readonly escalateTo?: ApprovalStage;
};

export type TaskType = keyof TaskFields;

/** A way by which a task is reached: any end of another one, or only where that one chose this way. */
export type Gate = {
  /** Id of a sibling it waits for. */
  readonly task: string;
  /** `then` or `else` of a condition; absent: whatever it did. */
  readonly way?: string;
};

type TaskBase<K extends TaskType> = {
  readonly id: string;
  readonly type: K;
  readonly title?: Template;
  readonly if?: Expression;
  /** What is kept instead of the raw result. */
  readonly output?: Template;
  readonly onError?: 'continue';
  /** ms; not on approvals, whose own is `deadline`. */
  readonly totalTimeout?: number;
  /** Ids of the siblings it waits for. */
  readonly after: readonly string[];
  /** It is skipped unless one of them was taken; absent: nothing can keep it from being reached. */
  readonly gates?: readonly Gate[];
  /** Position in a walk of the Plan, from 0: the mirror's `execution_order`. */
  readonly order: number;
  /** Whether any later expression can read its output. */
  readonly keep: boolean;
  /** Static tasks in it, itself included, a loop counted as one. */
  readonly size: number;
};

export type TaskOf<K extends TaskType> = TaskBase<K> & TaskFields[K];
export type PlanTask = { [K in TaskType]: TaskOf<K> }[TaskType];
