import type { Runner } from '../runner.ts';
import { inFlight } from './in-flight.ts';

/** Requests under way. */
export const AT_ONCE = 40;

/** A start is answered before its execution waits: so many more are started when those before do. */
const AHEAD = 500;

/** Starts so many, a few at a time; resolves with their ids when all of them wait for their approval. */
export async function startWaiting(runner: Runner, count: number): Promise<readonly string[]> {
  const all: string[] = [];
  while (all.length < count) {
    const ids = await inFlight(Math.min(AHEAD, count - all.length), AT_ONCE, () =>
      runner.start('approval', { count: 0 }),
    );
    await runner.waiting(ids);
    all.push(...ids);
  }
  return all;
}

/** Approves all, a few at a time; resolves when all have ended. */
export async function approveAll(runner: Runner, ids: readonly string[]): Promise<void> {
  await inFlight(ids.length, AT_ONCE, async (number) => {
    const id = ids[number] ?? '';
    await runner.approve(id);
    await runner.end(id);
  });
}
