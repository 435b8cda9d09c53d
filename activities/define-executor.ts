import type { z } from 'zod';

/** What an executor's `run` gets. */
export type ExecutorContext<Input> = {
  readonly input: Input;
  /** From 1. */
  readonly attempt: number;
  /** Aborted when the task is cancelled, times out or the worker shuts down. */
  readonly signal: AbortSignal;
  /** Tells Temporal that the attempt is alive; `details` survive into the next attempt's `lastHeartbeat`. */
  readonly heartbeat: (details?: unknown) => void;
  /** What the attempt before said last to `heartbeat`. */
  readonly lastHeartbeat: unknown;
  /** Lines of the execution's log, readable with `GET /executions/{id}/logs`. */
  readonly log: (
    level: 'debug' | 'info' | 'warning' | 'error' | 'critical',
    message: string,
    context?: unknown,
  ) => void;
  /** The same over attempts, resets and redrives: hand it to whatever must not happen twice. */
  readonly idempotencyKey: string;
};

export type ExecutorOptions<Schema extends z.ZodType> = {
  /** As definitions name it: `[a-z][a-z0-9-]*`. */
  readonly name: string;
  /** One line, shown by `GET /executors`. */
  readonly description: string;
  /** The input; checked before `run`, shown as JSON Schema. */
  readonly input: Schema;
  /** Short (about a second at most) and idempotent: may run as a local activity. @default false */
  readonly local?: boolean;
  /** @default the engine's: 60 s an attempt, 3 attempts, 1 s, × 2, at most 60 s */
  readonly defaults?: {
    /** One attempt, e.g. `30s`. */
    readonly timeout?: string;
    readonly heartbeatTimeout?: string;
    readonly retry?: {
      readonly maxAttempts?: number;
      readonly initialInterval?: string;
      readonly backoffCoefficient?: number;
      readonly maximumInterval?: string;
      readonly nonRetryable?: readonly string[];
    };
  };
  /** Returns JSON. Throw {@link ExecutorError} for a named error; anything else becomes `EXECUTOR_FAILED`. */
  readonly run: (context: ExecutorContext<z.output<Schema>>) => Promise<unknown>;
};

/** An executor as the catalog holds it, its input type forgotten. */
export type Executor = Omit<ExecutorOptions<z.ZodType>, 'run'> & {
  readonly run: (context: ExecutorContext<never>) => Promise<unknown>;
};

/** A named error of an executor: `code` is UPPER_SNAKE and what `retry.nonRetryable`, `catch` and `$error.code` see. */
export class ExecutorError extends Error {
  readonly code: string;
  readonly retryable: boolean;
  /** Wait at least this long before the next attempt, ms. */
  readonly retryAfter: number | undefined;

  constructor(
    code: string,
    detail: string,
    options: { retryable?: boolean; retryAfter?: number; cause?: unknown } = {},
  ) {
    super(detail, { cause: options.cause });
    this.name = 'ExecutorError';
    this.code = code;
    this.retryable = options.retryable ?? true;
    this.retryAfter = options.retryAfter;
  }
}

/**
 * Declares an executor: one activity type that definitions call by its name.
 *
 * @example
 * export const greet = defineExecutor({
 *   name: 'greet',
 *   description: 'Says hello',
 *   input: z.strictObject({ name: z.string() }),
 *   local: true,
 *   run: async ({ input }) => `Hello, ${input.name}!`,
 * });
 */
export function defineExecutor<Schema extends z.ZodType>(options: ExecutorOptions<Schema>): Executor {
  return options;
}
