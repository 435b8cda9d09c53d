import { activityInfo } from '@temporalio/activity';
import type { HandOver } from '../src/contract.ts';
import { factsOf } from '../src/mirror/from-transition.ts';
import type { Writer } from '../src/mirror/writer.ts';

/** Less than the 500 ms the interpreter gives it. */
const WITHIN_MS = 400;

/**
 * The activity by which the interpreter tells what it decided. Says nothing back: with the mirror away the facts stay
 * queued and the work goes on; what is lost with the process, the sweeper repairs.
 */
export function createHandOver(writer: Writer): (input: HandOver) => Promise<void> {
  return async ({ tenant, executionId, executionCreatedAt, transitions }) => {
    const runId = activityInfo().workflowExecution?.runId;
    const subject = { tenant, executionId, executionCreatedAt };
    await writer.recordAndWait(
      transitions.flatMap((transition) => factsOf(subject, transition, 1, runId)),
      WITHIN_MS,
    );
  };
}
