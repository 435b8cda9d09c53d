import type { Json } from '../../src/contract.ts';

/** A definition as it is written, as far as the generator writes it: what the model interprets. */
export type Definition = {
  readonly name: string;
  readonly timeout?: number;
  readonly vars?: { readonly [name: string]: Json };
  readonly defaults?: { readonly timeout?: number; readonly retry?: Retry };
  readonly tasks: readonly Task[];
  readonly output?: Json;
};

/** One expression, `{% … %}`. */
export type Expression = string;

export type Retry = {
  readonly maxAttempts?: number;
  readonly initialInterval?: number;
  readonly backoffCoefficient?: number;
  readonly maximumInterval?: number;
  readonly nonRetryable?: readonly string[];
};

export type Call = {
  readonly executor: string;
  readonly with?: Json;
  readonly timeout?: number;
  readonly retry?: Retry;
};

export type Stage = {
  readonly assignees?: readonly string[];
  readonly candidateGroups?: readonly string[];
  readonly deadline?: number;
  readonly onTimeout?: 'fail' | 'approve' | 'reject' | 'escalate';
  readonly escalateTo?: Stage;
};

type Common = {
  readonly id: string;
  readonly if?: Expression;
  readonly output?: Json;
  readonly onError?: 'continue';
  readonly totalTimeout?: number;
  readonly dependencies?: readonly string[];
  readonly next?: string;
  readonly compensate?: Call;
};

type Fields = {
  executor: Call;
  set: { readonly vars: { readonly [name: string]: Json } };
  condition: { readonly then: readonly Task[]; readonly else?: readonly Task[] };
  sequential: { readonly tasks: readonly Task[] };
  switch: {
    readonly cases: readonly { readonly when: Expression; readonly tasks: readonly Task[] }[];
    readonly default?: readonly Task[];
  };
  parallel: {
    readonly branches: { readonly [name: string]: readonly Task[] };
    readonly maxConcurrency?: number;
    readonly join?: 'all' | 'any' | { readonly count: number };
  };
  foreach: {
    readonly items: Json;
    readonly as?: string;
    readonly tasks: readonly Task[];
    readonly maxConcurrency?: number;
    readonly collect?: 'all' | 'last' | 'none';
    readonly batch?: number;
    readonly tolerate?: { readonly failures?: number; readonly percent?: number };
  };
  loop: {
    readonly while?: Expression;
    readonly until?: Expression;
    readonly tasks: readonly Task[];
    readonly maxIterations: number;
  };
  try: {
    readonly tasks: readonly Task[];
    readonly catch?: readonly Catch[];
    readonly finally?: readonly Task[];
    readonly onFailure?: 'compensate';
  };
  event: { readonly name: string; readonly key?: Json; readonly where?: Expression; readonly count?: number };
  emit: { readonly name: string; readonly key?: Json; readonly data: Json };
  sub_workflow: {
    readonly workflow: string;
    readonly input?: Json;
    readonly mode?: 'wait' | 'detach';
    readonly onParentClose?: 'cancel' | 'terminate' | 'abandon';
    readonly timeout?: number;
    readonly retry?: Retry;
  };
  wait: { readonly for?: Json; readonly until?: Json };
  approval: Stage & {
    readonly quorum?: number | 'all' | 'majority';
    readonly onReject?: 'fail' | 'continue';
    readonly reminders?: Call & { readonly every: number };
  };
  fail: { readonly code: string };
  end: object;
};

export type Catch = {
  readonly errors: readonly string[];
  readonly when?: Expression;
  readonly as?: string;
  readonly tasks: readonly Task[];
};

export type TaskType = keyof Fields;
export type TaskOf<K extends TaskType> = Common & { readonly type: K } & Fields[K];
export type Task = { [K in TaskType]: TaskOf<K> }[TaskType];

/** A definition and everything that comes from outside while it runs. */
export type Program = {
  readonly seed: number;
  readonly definition: Definition;
  readonly input: Json;
  readonly script: Script;
};

/** Times are ms since the start. */
export type Script = {
  /** What executors, children and people do is drawn from it and the task's place, see `world.ts`. */
  readonly salt: number;
  /** Another one changes how long attempts take, and nothing else. */
  readonly pace?: number;
  /** Of 100 attempts, how many fail and how many never answer. */
  readonly failing: number;
  readonly hanging: number;
  /** In the order of time. */
  readonly events: readonly ScriptedEvent[];
  readonly cancelAt?: number;
  /** When the host says that a continue-as-new is due. */
  readonly dueAt: readonly number[];
};

export type ScriptedEvent = {
  readonly at: number;
  readonly name: string;
  readonly key: string | null;
  readonly data: Json;
};
