import type { Json } from '../src/contract.ts';
import type { Answered } from './approvals.ts';
import { MOST_ANSWERED } from './approvals.ts';
import type { Carried } from './carried.ts';
import type { Host } from './host.ts';
import type { Run } from './run-state.ts';

/** What the run that goes on needs. */
export type Continued = { readonly status: 'continued'; readonly carried: Json };

/**
 * Lets a run work until it is over or until another one should go on, when all is handed over and nothing is under way.
 * @param host of the work
 */
export async function workUntilDue<T>(
  run: Run,
  host: Host,
  about: { readonly startedAt: number; readonly answered: Answered },
  work: Promise<T>,
): Promise<T | Continued> {
  const progress = { isOver: false };
  const over = work.then((result) => {
    progress.isOver = true;
    return { result };
  });
  const end = await Promise.race([over, untilDue(run, progress)]);
  if (end) return end.result;
  // As the next run will read it: a copy that nothing changes any more.
  const carried = JSON.parse(JSON.stringify(carry(run, host, about))) as Json;
  return { status: 'continued', carried };
}

/** Never resolves where the work is over before. */
async function untilDue({ turnover, journal }: Run, progress: { readonly isOver: boolean }): Promise<undefined> {
  do {
    await turnover.quiet();
    await journal.handOver();
  } while (!turnover.isQuiet());
  if (progress.isOver) await new Promise(() => undefined);
}

function carry(
  run: Run,
  host: Host,
  { startedAt, answered }: { readonly startedAt: number; readonly answered: Answered },
): Carried {
  return {
    startedAt,
    settled: run.settled.entries(),
    open: run.settled.openEntries(),
    approvals: run.approvals.records(),
    answered: [...answered].slice(-MOST_ANSWERED),
    compensations: run.compensations,
    journal: run.journal.state(),
    pausedBy: run.pause.pausedBy(),
    isCancelled: host.isCancelled(),
    jumps: run.jumps.taken,
  };
}
