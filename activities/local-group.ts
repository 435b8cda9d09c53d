import { setTimeout as sleep } from 'node:timers/promises';
import { Context } from '@temporalio/activity';
import type { Json } from '../src/contract.ts';
import type { GroupedCall, LocalGroup } from '../src/messages.ts';
import type { Member, MemberParts } from './begin-member.ts';
import { createMembers, leaveToOwnCalls, MOST_LENGTH, onCancel } from './begin-member.ts';
import { SHORT_MS } from './record-attempts.ts';

/** Members of groups that run at once, as many as other local activities; more are left to their own calls. */
const MOST_AT_ONCE = 200;

/**
 * The activity that begins local tasks in groups ({@link LocalGroup}). Each member is an attempt like any other. The group
 * waits for {@link SHORT_MS} at most; what takes longer or failed is there for the call that its workflow makes for it then.
 */
export function createLocalGroup(parts: MemberParts): (input: LocalGroup['input']) => Promise<LocalGroup['answer']> {
  let running = 0;

  /** One after the other, until the first of them has taken long by itself: a worker that is busy is busy for others, too. */
  function beginAll(group: Context, calls: readonly GroupedCall[]): readonly Member[] {
    const begin = createMembers(parts, group);
    const startedAt = performance.now();
    const members: Member[] = [];
    const ended = (): void => {
      running--;
    };
    for (const call of calls) {
      if (running >= MOST_AT_ONCE || performance.now() - startedAt > SHORT_MS) break;
      const member = begin(call);
      running++;
      member.outcome.then(ended, ended);
      members.push(member);
    }
    return members;
  }

  return async ({ calls }) => {
    const group = Context.current();
    const answer: { [path: string]: Json } = {};
    const startedAt = performance.now();
    let left = MOST_LENGTH;
    let isOver = false;
    const members = beginAll(group, calls);
    onCancel(group, (reason) => {
      for (const member of members) member.cancel(reason);
    });
    const settled = Promise.all(
      members.map(async ({ path, outcome }) => {
        try {
          const result = ((await outcome) ?? null) as Json;
          const { length } = JSON.stringify(result);
          if (isOver || length > left) return;
          left -= length;
          answer[path] = result;
        } catch {
          // Its own call hears of it.
        }
      }),
    );
    await Promise.race([settled, sleep(SHORT_MS)]);
    // Nobody will ask for them.
    if (group.cancellationSignal.aborted) await settled;
    isOver = true;
    leaveToOwnCalls(group, performance.now() - startedAt, members, ({ path }) => path in answer);
    return answer;
  };
}
