import type { Signals } from '../messages.ts';
import { isNotFound } from './as-problem.ts';
import type { Link } from './link.ts';

const PATIENCE_MS = 3_000;

/**
 * Sends a signal to the latest run; false when there is none that could take it.
 * @throws Problem TEMPORAL_UNAVAILABLE
 */
export async function signalWorkflow<Name extends keyof Signals>(
  link: Link,
  { name, workflowId, payload }: { readonly name: Name; readonly workflowId: string; readonly payload: Signals[Name] },
): Promise<boolean> {
  try {
    await link.within(PATIENCE_MS, () => link.workflows.getHandle(workflowId).signal(name, payload));
    return true;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}
