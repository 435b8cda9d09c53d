import { setTimeout as sleep } from 'node:timers/promises';
import { asyncLocalStorage, Context } from '@temporalio/activity';
import type { Info } from '@temporalio/activity';
import { CancelledFailure } from '@temporalio/common';
import type { Json } from '../src/contract.ts';
import type { GroupedCall, LocalGroup } from '../src/messages.ts';
import { retryPolicyOf } from '../src/plan/retry-policy.ts';
import type { BegunAttempt, BegunAttempts } from './begun-attempts.ts';
import { attemptKey } from './begun-attempts.ts';
import type { Recorder } from './record-attempts.ts';
import { SHORT_MS } from './record-attempts.ts';

/** Of all results that a group answers, in UTF-16 units: it stands in the history itself. */
const MOST_LENGTH = 100_000;
/** Members of groups that run at once, as many as other local activities; more are left to their own calls. */
const MOST_AT_ONCE = 200;

type Parts = {
  /** By activity type. */
  readonly activities: { readonly [name: string]: (input: unknown) => Promise<unknown> };
  readonly record: Recorder;
  readonly begun: BegunAttempts;
};

type Member = { readonly path: string; readonly key: string; readonly attempt: BegunAttempt };

/**
 * The activity that begins local tasks in groups ({@link LocalGroup}). Each member is an attempt like any other: it has a
 * context of its own, and the mirror is told of it. The group waits for {@link SHORT_MS} at most; what takes longer or
 * failed is there for the call that its workflow makes for it then.
 */
export function createLocalGroup({
  activities,
  record,
  begun,
}: Parts): (input: LocalGroup['input']) => Promise<LocalGroup['answer']> {
  let running = 0;

  function begin(group: Context, info: Info, { name, input, header }: GroupedCall): BegunAttempt {
    const controller = new AbortController();
    const context = contextOf(group, info, controller.signal);
    const run = activities[name];
    running++;
    const outcome = asyncLocalStorage.run(context, () =>
      record(context, header, input as Json, () =>
        run ? run(input) : Promise.reject(new Error(`There is no executor '${name}'`)),
      ),
    );
    const ended = (): void => {
      running--;
    };
    outcome.then(ended, ended);
    return { outcome, cancel: (reason) => controller.abort(reason) };
  }

  /** One after the other, until the first of them has taken long by itself: a worker that is busy is busy for others, too. */
  function beginAll(group: Context, calls: readonly GroupedCall[]): readonly Member[] {
    const infoOf = createInfos(group.info);
    const startedAt = performance.now();
    const members: Member[] = [];
    for (const call of calls) {
      if (running >= MOST_AT_ONCE || performance.now() - startedAt > SHORT_MS) break;
      const { path } = call.header.task;
      const key = attemptKey(group.info.workflowExecution?.runId ?? '', path);
      const attempt = begin(group, infoOf(call), call);
      begun.keep(key, attempt);
      members.push({ path, key, attempt });
    }
    return members;
  }

  return async ({ calls }) => {
    const group = Context.current();
    const answer: { [path: string]: Json } = {};
    let left = MOST_LENGTH;
    let isOver = false;
    const members = beginAll(group, calls);
    onCancel(group, (reason) => {
      for (const { attempt } of members) attempt.cancel(reason);
    });
    const settled = Promise.all(
      members.map(async ({ path, key, attempt }) => {
        try {
          const result = ((await attempt.outcome) ?? null) as Json;
          const { length } = JSON.stringify(result);
          if (isOver || length > left) return;
          left -= length;
          answer[path] = result;
          begun.drop(key, attempt);
        } catch {
          // Its own call hears of it.
        } finally {
          if (!(path in answer)) begun.dropLater(key, attempt);
        }
      }),
    );
    await Promise.race([settled, sleep(SHORT_MS)]);
    // Nobody will ask for them.
    if (group.cancellationSignal.aborted) await settled;
    isOver = true;
    return answer;
  };
}

/** That time was up is about the group, whose worker was too busy to answer; its members may go on. */
function onCancel({ cancellationSignal: signal }: Context, cancel: (reason: unknown) => void): void {
  const hear = (): void => {
    const reason: unknown = signal.reason;
    if (!(reason instanceof CancelledFailure && reason.message === 'TIMED_OUT')) cancel(reason);
  };
  if (signal.aborted) hear();
  signal.addEventListener('abort', hear);
}

/** What an attempt's own activity would know; members that are called the same way share it. */
function createInfos(group: Info): (call: GroupedCall) => Info {
  const infos = new Map<string, Info>();
  return ({ name, timeout, totalTimeout = 0, retry }) => {
    const key = JSON.stringify([name, timeout, totalTimeout, retry]);
    let info = infos.get(key);
    if (!info) {
      info = {
        ...group,
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

function contextOf(group: Context, info: Info, signal: AbortSignal): Context {
  const cancelled = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error));
  });
  cancelled.catch(() => undefined);
  // A local activity has no heartbeat, and ours no client.
  return new Context(info, cancelled, signal, () => undefined, undefined, group.log, group.metricMeter, {});
}
