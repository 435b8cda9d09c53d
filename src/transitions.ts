import type { Transition } from './contract.ts';

/** Whether it says how a task ended. */
export function isEndOfTask(transition: Transition): boolean {
  return transition.kind === 'task' && transition.endedAt !== null;
}
