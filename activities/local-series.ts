import { setTimeout as sleep } from 'node:timers/promises';
import { Context } from '@temporalio/activity';
import type { Json } from '../src/contract.ts';
import type { InSeries, LocalSeries } from '../src/messages.ts';
import type { Member, MemberParts } from './begin-member.ts';
import { createMembers, leaveToOwnCalls, MOST_LENGTH, onCancel } from './begin-member.ts';
import { SHORT_MS } from './record-attempts.ts';

/** What is given where an attempt has failed, or isn't through in time. */
const NOTHING = Symbol('nothing');

/**
 * The activity that runs local tasks one after the other ({@link LocalSeries}). Each is an attempt like any other. After
 * {@link SHORT_MS} none begins any more; one that isn't through then, or failed, is there for the call that its workflow
 * makes for it.
 */
export function createLocalSeries(parts: MemberParts): (input: LocalSeries['input']) => Promise<LocalSeries['answer']> {
  return async ({ calls }) => {
    const series = Context.current();
    const begin = createMembers(parts, series);
    const answer: { [path: string]: InSeries } = {};
    const members: Member[] = [];
    const startedAt = performance.now();
    const since = (): number => Math.floor(performance.now() - startedAt);
    const late = new AbortController();
    const isLate = sleep(SHORT_MS, NOTHING, { signal: late.signal }).catch(() => NOTHING);
    let left = MOST_LENGTH;
    onCancel(series, (reason) => members.at(-1)?.cancel(reason));
    for (const call of calls) {
      const from = since();
      if (from >= SHORT_MS || series.cancellationSignal.aborted) break;
      const member = begin(call, { ...call.header, startedAt: call.header.startedAt + from });
      members.push(member);
      answer[member.path] = { from };
      const result = await Promise.race([member.outcome.catch(() => NOTHING), isLate]);
      left -= result === NOTHING ? Number.POSITIVE_INFINITY : JSON.stringify(result ?? null).length;
      if (left < 0) break;
      answer[member.path] = { from, to: since(), result: (result ?? null) as Json };
    }
    late.abort();
    // Nobody will ask for it.
    if (series.cancellationSignal.aborted) await members.at(-1)?.outcome.catch(() => undefined);
    leaveToOwnCalls(series, since(), members, ({ path }) => answer[path]?.to !== undefined);
    return answer;
  };
}
