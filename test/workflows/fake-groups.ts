import type { Json } from '../../src/contract.ts';
import type { GroupedCall, LocalGroup } from '../../src/messages.ts';
import { LOCAL_GROUP } from '../../src/messages.ts';
import type { LocalCall } from '../../workflows/host.ts';

type Begin = (call: LocalCall) => Promise<Json>;

/**
 * Groups of local tasks as the worker's: members' first attempts begin, and what isn't answered is found by their own calls.
 * @param moment how long a group waits for them
 */
export function createFakeGroups(moment: () => Promise<void>) {
  const begun = new Map<string, Promise<Json>>();
  const sizes: number[] = [];

  async function run({ calls }: LocalGroup['input'], begin: Begin): Promise<LocalGroup['answer']> {
    sizes.push(calls.length);
    const answer: { [path: string]: Json } = {};
    let isOver = false;
    const settled = Promise.all(
      calls.map(async (call: GroupedCall) => {
        const { path } = call.header.task;
        const outcome = begin({ ...call, summary: path });
        begun.set(path, outcome);
        try {
          const result = await outcome;
          if (isOver) return;
          answer[path] = result;
          begun.delete(path);
        } catch {
          // Its own call hears of it.
        }
      }),
    );
    await Promise.race([settled, moment()]);
    isOver = true;
    return answer;
  }

  return {
    /** How many each group had. */
    sizes: sizes as readonly number[],
    /** A group's answer; undefined where the call is of something else. */
    run: (call: LocalCall, begin: Begin): Promise<LocalGroup['answer']> | undefined =>
      call.name === LOCAL_GROUP ? run(call.input as LocalGroup['input'], begin) : undefined,
    /** The first attempt of a call, where it was begun in a group. */
    take: (call: LocalCall): Promise<Json> | undefined => {
      const path = call.header?.task.path ?? '';
      const outcome = begun.get(path);
      begun.delete(path);
      return outcome;
    },
  };
}
