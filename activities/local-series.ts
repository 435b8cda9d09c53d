import { setTimeout as sleep } from 'node:timers/promises';
import { Context } from '@temporalio/activity';
import type { Json } from '../src/contract.ts';
import type { InSeries, LocalSeries } from '../src/messages.ts';
import type { Member, MemberParts } from './begin-member.ts';
import { createMembers, MOST_LENGTH, onCancel } from './begin-member.ts';
import { SHORT_MS } from './record-attempts.ts';

/**
 * The activity that runs local tasks one after the other ({@link LocalSeries}). Each is an attempt like any other. After
 * {@link SHORT_MS} none begins any more, so that whoever pauses or cancels the execution is heard as soon as without it;
 * one that isn't through then, or failed, is there for the call that its workflow makes for it.
 */
export function createLocalSeries(parts: MemberParts): (input: LocalSeries['input']) => Promise<LocalSeries['answer']> {
  return async ({ calls }) => {
    const series = Context.current();
    const begin = createMembers(parts, series);
    const answer: { [path: string]: InSeries } = {};
    const startedAt = performance.now();
    const since = (): number => Math.floor(performance.now() - startedAt);
    const late = new AbortController();
    const isLate = sleep(SHORT_MS, LATE, { signal: late.signal }).catch(() => LATE);
    let left = MOST_LENGTH;
    let current: Member | undefined;
    onCancel(series, (reason) => current?.cancel(reason));
    for (const call of calls) {
      const from = since();
      if (from >= SHORT_MS || series.cancellationSignal.aborted) break;
      const member = begin(call, { ...call.header, startedAt: call.header.startedAt + from });
      current = member;
      answer[member.path] = { from };
      const result = await Promise.race([member.outcome.catch(() => LATE), isLate]);
      const length = result === LATE ? 0 : JSON.stringify(result ?? null).length;
      if (result === LATE || length > left) {
        member.isLeft();
        break;
      }
      left -= length;
      answer[member.path] = { from, to: since(), result: (result ?? null) as Json };
      member.isTold();
    }
    late.abort();
    // Nobody will ask for it.
    if (series.cancellationSignal.aborted) await current?.outcome.catch(() => undefined);
    return answer;
  };
}

/** What is given where there is no result in time. */
const LATE = Symbol('late');
