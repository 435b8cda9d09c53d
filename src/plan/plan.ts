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

/** A call of an executor, every default filled in. */
export type ExecutorCall = {
  readonly executor: string;
  readonly with: Template;
  readonly taskQueue?: string;
  /** One attempt, ms. */
  readonly timeout: number;
  readonly heartbeatTimeout?: number;
  readonly retry: Retry;
};

export type SwitchCase = { readonly when: Expression; readonly tasks: TaskList };

/** What a `try` does about some errors. */
export type CatchClause = {
  /** Codes; `*` for all but CANCELLED and TERMINATED. */
  readonly errors: readonly string[];
  /** Reads `$error`. */
  readonly when?: Expression;
  /** Name of the further root that holds the error, beside `$error`. */
  readonly as?: string;
  readonly tasks: TaskList;
};

type TaskFields = {
  executor: ExecutorCall & { readonly local: boolean };
  set: { readonly vars: { readonly [name: string]: Template } };
  condition: { readonly condition: Expression; readonly then: TaskList; readonly else: TaskList };
  sequential: { readonly tasks: TaskList };
  /** The first case whose `when` is true; its way is `case<i>`, `default` where none is. */
  switch: { readonly cases: readonly SwitchCase[]; readonly default: TaskList };
  parallel: {
    readonly branches: { readonly [name: string]: TaskList };
    readonly maxConcurrency: number;
    /** How many branches must succeed before the others are cancelled; absent: all. */
    readonly join?: number;
  };
  foreach: {
    readonly items: Template;
    /** Name of the further root that holds the item, beside `$item`. */
    readonly as?: string;
    readonly tasks: TaskList;
    readonly maxConcurrency: number;
    readonly collect: 'all' | 'last' | 'none';
    /** Items an iteration gets, as a list; absent: one, itself. */
    readonly batch?: number;
    /** Failed iterations that are put up with; absent: none. */
    readonly tolerate?: { readonly failures: number } | { readonly percent: number };
  };
  /** `while` is asked before each iteration, `until` after it; just one is there. */
  loop: {
    readonly while?: Expression;
    readonly until?: Expression;
    readonly tasks: TaskList;
    readonly maxIterations: number;
  };
  try: {
    readonly tasks: TaskList;
    readonly catch: readonly CatchClause[];
    readonly finally: TaskList;
    /** Whether the finished tasks in it are compensated when it fails. */
    readonly compensates: boolean;
  };
  event: {
    readonly name: string;
    readonly key?: Template;
    /** Reads `$event`: `{id, name, key, data, at}`. */
    readonly where?: Expression;
    readonly count: number;
  };
  emit: { readonly name: string; readonly key?: Template; readonly data: Template };
  sub_workflow: {
    readonly workflow: string;
    readonly version?: string;
    readonly input: Template;
    readonly mode: 'wait' | 'detach';
    readonly onParentClose: 'cancel' | 'terminate' | 'abandon';
    /** Of one attempt, ms; absent: none. */
    readonly timeout?: number;
    readonly retry: Retry;
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
  /** Called again and again while it is open; its input may read `$approval`: `{id, title, assignees, candidateGroups, deadline}`. */
  readonly reminders?: ExecutorCall & {
    /** A duration. */
    readonly every: Template;
  };
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
  /** `then` or `else` of a condition, `case<i>` or `default` of a switch; absent: whatever it did. */
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
  /** Takes back what it did; its `with` is resolved when it has succeeded and may read `$result`, its output. */
  readonly compensate?: ExecutorCall;
  /** Id of the sibling that comes next instead of the one below; `end` leaves the list. Its list has no dependencies. */
  readonly next?: string;
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
