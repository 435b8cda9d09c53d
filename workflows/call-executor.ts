import type { Json, TaskHeader, TaskIdentity } from '../src/contract.ts';
import type { ExecutorCall } from '../src/plan/plan.ts';
import { shorten } from '../src/shorten.ts';
import type { Host } from './host.ts';
import type { LocalTaskCall } from './local-calls.ts';
import { TaskError } from './outcome.ts';
import { checkPayload } from './payload.ts';
import type { Run } from './run-state.ts';

/** Bytes Temporal allows: a summary 200, an activity id 1,000. */
const MAX_SUMMARY = 200;
const MAX_ACTIVITY_ID = 900;
/** Of an input that travels in the message itself: one workflow task's has 4 MB, and Temporal terminates what sends more. */
const MOST_INLINE = 1_000_000;
/** Per byte of such, in steps: after 500 kB the next task waits for another workflow task. */
const STEPS_PER_BYTE = 0.2;
/** A running local activity freezes its execution: one that takes longer goes on as a normal one, ms. */
const LOCAL_PATIENCE = 3_000;

/** The task that calls, and what its call gets. */
export type CallOf = {
  readonly input: Json;
  readonly identity: TaskIdentity;
  /** ms */
  readonly startedAt: number;
  readonly isLocal: boolean;
};

/**
 * Calls an executor as the activity of its name, with the header that says which task it is.
 * @throws TaskError once its attempts are used up; Cancelled
 */
export async function callExecutor(run: Run, host: Host, call: ExecutorCall, about: CallOf): Promise<Json> {
  const { input, identity } = about;
  const bytes =
    call.taskQueue === undefined
      ? checkPayload(input, 'The input')
      : checkPayload(input, 'The input for another queue', { most: MOST_INLINE });
  if (call.taskQueue !== undefined) run.breath.spend(STEPS_PER_BYTE * bytes);
  if (isCalledLocally(run, call, about.isLocal)) {
    const result = await callLocal(run, host, localCallOf(run, call, about), bytes);
    if (result) return result.value;
  }
  return await host.call({
    ...callOf(run, call, about, identity.title ?? identity.path),
    id: shorten(identity.path, MAX_ACTIVITY_ID),
    ...(call.taskQueue === undefined ? {} : { taskQueue: call.taskQueue }),
    ...(call.heartbeatTimeout === undefined ? {} : { heartbeatTimeout: call.heartbeatTimeout }),
  });
}

/** Whether a call of a task that may be local is: unlimited attempts would freeze its execution. */
export function isCalledLocally(run: Run, { retry }: ExecutorCall, isLocal: boolean): boolean {
  return isLocal && run.input.localActivities && retry.maxAttempts > 0;
}

/** The local activity of a task; its marker keeps nothing but the summary that says which task it was. */
export function localCallOf(run: Run, call: ExecutorCall, about: CallOf): LocalTaskCall {
  const made = callOf(run, call, about, about.identity.path);
  return call.timeout > LOCAL_PATIENCE ? { ...made, timeout: LOCAL_PATIENCE, totalTimeout: LOCAL_PATIENCE } : made;
}

function callOf(run: Run, call: ExecutorCall, about: CallOf, summary: string): LocalTaskCall {
  return {
    name: call.executor,
    input: about.input,
    header: headerOf(run, call, about),
    summary: shorten(summary, MAX_SUMMARY),
    timeout: call.timeout,
    retry: call.retry,
  };
}

/** Undefined where it turned out slow: what may be local may be done twice. */
async function callLocal(
  run: Run,
  host: Host,
  call: LocalTaskCall,
  bytes: number,
): Promise<{ readonly value: Json } | undefined> {
  try {
    return { value: await run.localCalls.call(host, call, bytes) };
  } catch (error) {
    const mayBeSlow = call.totalTimeout === LOCAL_PATIENCE;
    if (mayBeSlow && error instanceof TaskError && error.code === 'TIMEOUT') return undefined;
    throw error;
  }
}

function headerOf(run: Run, { retry }: ExecutorCall, { identity, startedAt }: CallOf): TaskHeader {
  const { execution, tenant } = run.input;
  return {
    tenant,
    executionId: execution.id,
    executionCreatedAt: execution.createdAt,
    task: identity,
    maxAttempts: retry.maxAttempts || null,
    startedAt,
    idempotencyKey: `${execution.rootId}${identity.path}`,
  };
}
