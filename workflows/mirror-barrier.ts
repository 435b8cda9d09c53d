import { proxySinks } from '@temporalio/workflow';
import type { WorkflowInterceptors } from '@temporalio/workflow';
import { HAND_OVER } from '../src/contract.ts';
import type { MirrorSinks } from '../src/messages.ts';

/**
 * One barrier per workflow task: its completion waits until the mirror has what its local tasks recorded (the worker
 * waits for what a sink does before it answers). None of them waits for a commit of its own.
 *
 * What a killed worker loses: up to here everything, but then Temporal doesn't know of these local tasks either, and
 * does them again, whose rows then are written again. From here on Temporal never runs them again, and what was only in
 * the worker's memory would be missing until the execution hands over its end, or a sweeper folds its history. The
 * wait is bounded, and there is none while PostgreSQL is away: then that is what repairs the rows. They are provisional
 * (authority 0) either way. What is recorded of a local task's failed attempt goes with the barrier after its last one.
 */
export const interceptors = (): WorkflowInterceptors => {
  const { mirror } = proxySinks<MirrorSinks>();
  let running = 0;
  let isDue = false;
  const ended = () => {
    running--;
    isDue = true;
  };
  return {
    outbound: [
      {
        scheduleLocalActivity: (input, next) => {
          const result = next(input);
          if (input.activityType === HAND_OVER) return result;
          running++;
          // Beside the result, not before it: what waits for it goes on in the same order as without.
          result.then(ended, ended);
          return result;
        },
      },
    ],
    internals: [
      {
        concludeActivation: (input, next) => {
          // With one still running the workflow task goes on.
          if (isDue && running === 0) {
            isDue = false;
            mirror.barrier();
          }
          return next(input);
        },
      },
    ],
  };
};
