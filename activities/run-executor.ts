import { Context } from '@temporalio/activity';
import type { Info } from '@temporalio/activity';
import type { Json, TaskHeader } from '../src/contract.ts';
import type { LogFact } from '../src/mirror/record.ts';
import type { Writer } from '../src/mirror/writer.ts';
import { taskOf } from './current-task.ts';
import type { Executor, ExecutorContext } from './define-executor.ts';
import { ExecutorError } from './define-executor.ts';

/** As much as the interpreter takes for any value. */
const MAX_RESULT = 8_000_000;
/** Longest delay of a timer, ms. */
const MAX_TIMER = 2 ** 31 - 1;

/**
 * The activity that runs an executor: checks its input, keeps its heart beating, gives its log to the mirror, ends it
 * when its time is up, and refuses a result that is no JSON or too large.
 */
export function createActivity(
  executor: Executor,
  writer: Pick<Writer, 'record'>,
): (input: unknown) => Promise<unknown> {
  return async (input) => {
    const context = Context.current();
    const { info } = context;
    const task = taskOf(context);
    const timeUp = startTimer(info.startToCloseTimeoutMs);
    const heart = startHeart(context);
    let signal: AbortSignal | undefined;
    try {
      const given: ExecutorContext<unknown> = {
        input: parseInput(executor, input),
        attempt: info.attempt,
        // Made when it is asked for: it costs more than many an executor does.
        get signal() {
          return (signal ??= AbortSignal.any([context.cancellationSignal, timeUp.signal()]));
        },
        heartbeat: heart.beat,
        lastHeartbeat: info.heartbeatDetails as unknown,
        log: (level, message, more) => {
          context.log.debug(message, { level });
          if (task) writer.record([logFact(task, info, level, message, more)]);
        },
        idempotencyKey: task?.idempotencyKey ?? `${info.workflowExecution?.workflowId ?? ''}/${info.activityId}`,
      };
      // The catalog has forgotten the type of the input, which has just been checked.
      return checkResult(await executor.run(given as ExecutorContext<never>));
    } catch (error) {
      // Whatever the executor made of the signal.
      throw timeUp.error() ?? error;
    } finally {
      timeUp.stop();
      heart.stop();
    }
  };
}

/** @param ms from now until there is an error, and its signal is aborted with it */
function startTimer(ms: number): {
  readonly error: () => ExecutorError | undefined;
  readonly signal: () => AbortSignal;
  readonly stop: () => void;
} {
  let error: ExecutorError | undefined;
  let controller: AbortController | undefined;
  const timer = setTimeout(
    () => {
      error = new ExecutorError('TIMEOUT', `An attempt took longer than ${ms} ms`);
      controller?.abort(error);
    },
    Math.min(ms, MAX_TIMER),
  );
  return {
    error: () => error,
    signal: () => {
      controller ??= new AbortController();
      if (error) controller.abort(error);
      return controller.signal;
    },
    stop: () => clearTimeout(timer),
  };
}

/** Beats twice as often as it must, so that a cancellation arrives; details that were given once are said again. */
function startHeart({ info, heartbeat }: Context): {
  readonly beat: (details?: unknown) => void;
  readonly stop: () => void;
} {
  const { heartbeatTimeoutMs = 0 } = info;
  if (heartbeatTimeoutMs === 0) return { beat: () => undefined, stop: () => undefined };
  let last: unknown = info.heartbeatDetails;
  const timer = setInterval(() => heartbeat(last), heartbeatTimeoutMs / 2);
  return {
    beat: (details) => {
      if (details !== undefined) last = details;
      heartbeat(last);
    },
    stop: () => clearInterval(timer),
  };
}

function parseInput(executor: Executor, input: unknown): unknown {
  const parsed = executor.input.safeParse(input);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map(({ path, message }) => `${['with', ...path].join('.')}: ${message}`);
  throw new ExecutorError('INPUT_INVALID', lines.join('; '), { retryable: false });
}

function checkResult(result: unknown): unknown {
  let json: unknown;
  try {
    json = JSON.stringify(result);
  } catch (error) {
    throw new ExecutorError('RESULT_INVALID', `The result is no JSON: ${String(error)}`, { retryable: false });
  }
  // Nothing, a function or a symbol, of which Temporal can't make anything.
  if (typeof json !== 'string') return undefined;
  const bytes = Buffer.byteLength(json);
  if (bytes > MAX_RESULT) {
    const detail = `The result has ${bytes} bytes, at most ${MAX_RESULT} are allowed`;
    throw new ExecutorError('PAYLOAD_TOO_LARGE', detail, { retryable: false });
  }
  return result;
}

function logFact(
  { tenant, executionId, executionCreatedAt, task }: TaskHeader,
  { attempt }: Info,
  level: LogFact['level'],
  message: string,
  context: unknown,
): LogFact {
  return {
    tenant,
    executionId,
    executionCreatedAt,
    kind: 'log',
    path: task.path,
    attempt,
    level,
    message,
    context: (context ?? {}) as Json,
    at: Date.now(),
  };
}
