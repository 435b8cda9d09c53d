import type { SharedCalls } from '../src/messages.ts';
import type { Retry } from '../src/plan/plan.ts';
import { shorten } from '../src/shorten.ts';
import type { Host } from './host.ts';
import type { LocalTaskCall } from './local-calls.ts';

/** How many local tasks share a local activity: of a `foreach`'s usual window one half runs while what came of the other goes on. */
export const MOST_TOGETHER = 50;
/** Of the input of one that does; what is larger is called alone. */
export const MOST_BYTES = 20_000;
/** It answers after moments, whatever its tasks do. ms */
const PATIENCE = 3_000;
const ONCE: Retry = {
  maxAttempts: 1,
  initialInterval: 1_000,
  backoffCoefficient: 1,
  maximumInterval: 1_000,
  nonRetryable: [],
};

/** Calls local tasks by one local activity. @throws TaskError, which says nothing of the tasks; Cancelled */
export async function callTogether<Name extends keyof SharedCalls>(
  host: Host,
  name: Name,
  calls: readonly LocalTaskCall[],
): Promise<SharedCalls[Name]['answer']> {
  const input: SharedCalls[Name]['input'] = { calls };
  const first = calls[0]?.header.task.path ?? '';
  return (await host.callLocal({
    name,
    input,
    summary: `${shorten(first, 170)} and ${calls.length - 1} more`,
    timeout: PATIENCE,
    totalTimeout: PATIENCE,
    retry: ONCE,
  })) as SharedCalls[Name]['answer'];
}
