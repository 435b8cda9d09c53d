import type { Json } from '../src/contract.ts';
import type { TaskType } from '../src/plan/plan.ts';
import type { TaskContext } from './runner.ts';

/** Shorter waits are not worth a marker in the history; live hints show them. */
const WORTH_A_HAND_OVER = 5_000;

/**
 * Waits for people or a long timer: the mirror is told what for before it begins and that it is over after it.
 * @param expected ms, how long it may take
 */
export async function parked<T>(
  { run, path, identity, startedAt, state }: TaskContext<TaskType>,
  waitingFor: { readonly [key: string]: Json },
  expected: number,
  wait: () => Promise<T>,
): Promise<T> {
  const { journal, pause, turnover } = run;
  const told = JSON.stringify(waitingFor);
  const tell = (): void => {
    journal.execution({ status: pause.status(), endedAt: null, pausedBy: pause.pausedBy() });
  };
  journal.park(path, waitingFor);
  // The run before may have told it.
  if (state['told'] !== told) {
    journal.task({ task: identity, status: 'waiting', startedAt, endedAt: null, attempt: 0, input: waitingFor });
    tell();
    if (expected >= WORTH_A_HAND_OVER) await journal.handOver();
    state['told'] = told;
  }
  turnover.leave();
  try {
    return await wait();
  } finally {
    turnover.enter();
    journal.unpark(path);
    tell();
  }
}
