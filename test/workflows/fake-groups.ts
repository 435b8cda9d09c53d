import type { Json } from '../../src/contract.ts';
import type { GroupedCall, InSeries, LocalGroup, LocalSeries } from '../../src/messages.ts';
import { LOCAL_GROUP, LOCAL_SERIES } from '../../src/messages.ts';
import type { LocalCall } from '../../workflows/host.ts';

/** As the worker's, ms. */
const SHORT_MS = 20;

type Begin = (call: LocalCall) => Promise<Json>;

/**
 * Groups and series of local tasks as the worker's: first attempts begin, at once or each after the one before it, and what
 * isn't answered is found by calls of their own.
 * @param sleep ms of virtual time
 */
export function createFakeGroups(now: () => number, sleep: (ms: number) => Promise<void>) {
  const begun = new Map<string, Promise<Json>>();
  const sizes: number[] = [];
  const inSeries: number[] = [];

  async function runSeries({ calls }: LocalSeries['input'], begin: Begin): Promise<LocalSeries['answer']> {
    inSeries.push(calls.length);
    const answer: { [path: string]: InSeries } = {};
    const startedAt = now();
    const isLate = sleep(SHORT_MS).catch(() => undefined);
    for (const call of calls) {
      if (now() - startedAt >= SHORT_MS) break;
      const { path } = call.header.task;
      const outcome = begin({ ...call, summary: path });
      begun.set(path, outcome);
      const from = now() - startedAt;
      answer[path] = { from };
      const done = await Promise.race([
        outcome.then(
          (result) => ({ result }),
          () => undefined,
        ),
        isLate,
      ]);
      if (!done) break;
      answer[path] = { from, to: now() - startedAt, result: done.result };
      begun.delete(path);
    }
    return answer;
  }

  async function runGroup({ calls }: LocalGroup['input'], begin: Begin): Promise<LocalGroup['answer']> {
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
    await Promise.race([settled, sleep(0)]);
    isOver = true;
    return answer;
  }

  return {
    /** How many each group had. */
    sizes: sizes as readonly number[],
    /** The same of each series. */
    inSeries: inSeries as readonly number[],
    /** Their answer; undefined where the call is of something else. */
    run: (call: LocalCall, begin: Begin): Promise<LocalGroup['answer'] | LocalSeries['answer']> | undefined => {
      if (call.name === LOCAL_GROUP) return runGroup(call.input as LocalGroup['input'], begin);
      return call.name === LOCAL_SERIES ? runSeries(call.input as LocalSeries['input'], begin) : undefined;
    },
    /** The first attempt of a call, where it was begun in a group. */
    take: (call: LocalCall): Promise<Json> | undefined => {
      const path = call.header?.task.path ?? '';
      const outcome = begun.get(path);
      begun.delete(path);
      return outcome;
    },
  };
}
