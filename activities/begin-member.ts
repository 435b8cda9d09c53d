import { asyncLocalStorage, Context } from '@temporalio/activity';
import type { Info } from '@temporalio/activity';
import { CancelledFailure } from '@temporalio/common';
import type { Json, TaskHeader } from '../src/contract.ts';
import type { GroupedCall } from '../src/messages.ts';
import { retryPolicyOf } from '../src/plan/retry-policy.ts';
import type { BegunAttempt, BegunAttempts } from './begun-attempts.ts';
import { attemptKey } from './begun-attempts.ts';
import type { Recorder } from './record-attempts.ts';

/** Of all results that one local activity answers for its members, in UTF-16 units: they stand in the history itself. */
export const MOST_LENGTH = 100_000;

export type MemberParts = {
  /** By activity type. */
  readonly activities: { readonly [name: string]: (input: unknown) => Promise<unknown> };
  readonly record: Recorder;
  readonly begun: BegunAttempts;
};

/** An attempt of a task that shares its local activity with others. */
export type Member = {
  readonly path: string;
  readonly outcome: Promise<unknown>;
  /** Aborts its signal. */
  readonly cancel: (reason: unknown) => void;
  /** No call of its own will ask for it. */
  readonly drop: () => void;
  /** One may, for a while. */
  readonly dropLater: () => void;
};

/** Begins attempts of the tasks that share a local activity: each has a context of its own, and the mirror is told of it. */
export function createMembers({ activities, record, begun }: MemberParts, shared: Context) {
  const infoOf = createInfos(shared.info);
  const runId = shared.info.workflowExecution?.runId ?? '';

  return (call: GroupedCall, header: TaskHeader = call.header): Member => {
    const { name, input } = call;
    const { path } = header.task;
    const controller = new AbortController();
    const context = contextOf(shared, infoOf(call), controller.signal);
    const run = activities[name];
    const outcome = asyncLocalStorage.run(context, () =>
      record(context, header, input as Json, () =>
        run ? run(input) : Promise.reject(new Error(`There is no executor '${name}'`)),
      ),
    );
    const attempt: BegunAttempt = { outcome, cancel: (reason) => controller.abort(reason) };
    const key = attemptKey(runId, path);
    begun.keep(key, attempt);
    return {
      path,
      ...attempt,
      drop: () => begun.drop(key, attempt),
      dropLater: () => begun.dropLater(key, attempt),
    };
  };
}

/**
 * Lets those members that aren't told be found by calls of their own: all of them, where it took so long (ms) that their
 * workflow may have given the answer up.
 */
export function leaveToOwnCalls(
  { cancellationSignal, info }: Context,
  took: number,
  members: readonly Member[],
  isTold: (member: Member) => boolean,
): void {
  const isHeard = !cancellationSignal.aborted && took < info.startToCloseTimeoutMs / 2;
  for (const member of members) {
    if (isHeard && isTold(member)) member.drop();
    else member.dropLater();
  }
}

/** That time was up is about what its members share, whose worker was too busy to answer; they may go on. */
export function onCancel({ cancellationSignal: signal }: Context, cancel: (reason: unknown) => void): void {
  const hear = (): void => {
    const reason: unknown = signal.reason;
    if (!(reason instanceof CancelledFailure && reason.message === 'TIMED_OUT')) cancel(reason);
  };
  if (signal.aborted) hear();
  signal.addEventListener('abort', hear);
}

/** What an attempt's own activity would know; members that are called the same way share it. */
function createInfos(shared: Info): (call: GroupedCall) => Info {
  const infos = new Map<string, Info>();
  return ({ name, timeout, totalTimeout = 0, retry }) => {
    const key = JSON.stringify([name, timeout, totalTimeout, retry]);
    let info = infos.get(key);
    if (!info) {
      info = {
        ...shared,
        activityType: name,
        startToCloseTimeoutMs: timeout,
        scheduleToCloseTimeoutMs: totalTimeout,
        retryPolicy: retryPolicyOf(retry),
      };
      infos.set(key, info);
    }
    return info;
  };
}

function contextOf(shared: Context, info: Info, signal: AbortSignal): Context {
  const cancelled = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error));
  });
  cancelled.catch(() => undefined);
  // A local activity has no heartbeat, and ours no client.
  return new Context(info, cancelled, signal, () => undefined, undefined, shared.log, shared.metricMeter, {});
}
