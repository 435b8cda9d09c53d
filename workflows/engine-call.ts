import type { EngineCalls } from '../src/messages.ts';
import type { Retry } from '../src/plan/plan.ts';
import { shorten } from '../src/shorten.ts';
import type { Host } from './host.ts';

/** One attempt, ms; one whose worker or whose answer is lost is noticed by it. */
const TIMEOUT = 10_000;
/** Until it works: what fails for good says so. */
const RETRY: Retry = {
  maxAttempts: 0,
  initialInterval: 500,
  backoffCoefficient: 2,
  maximumInterval: 10_000,
  nonRetryable: [],
};

/**
 * Calls one of the engine's own activities, for a task mostly.
 * @throws TaskError with the activity's code where no repetition helps
 */
export async function callEngine<Name extends keyof EngineCalls>(
  host: Host,
  name: Name,
  path: string,
  input: EngineCalls[Name]['input'],
): Promise<EngineCalls[Name]['answer']> {
  const id = shorten(`${path} ${name}`, 900);
  return (await host.call({
    name,
    id,
    input,
    summary: shorten(path, 200),
    timeout: TIMEOUT,
    // Takes moments, and a whole execution waits for it.
    isUrgent: true,
    retry: RETRY,
  })) as EngineCalls[Name]['answer'];
}
