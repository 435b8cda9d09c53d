import { Worker } from '@temporalio/worker';
import type { Logger } from '@temporalio/worker';
import type { CompiledWorkerOptions } from '@temporalio/worker/lib/worker-options.js';
import type { WorkflowCreator } from '@temporalio/worker/lib/workflow/interface.js';
import type { WorkflowBundleWithSourceMapAndFilename } from '@temporalio/worker/lib/workflow/workflow-worker-thread/input.js';

/**
 * The SDK's worker without its watch over workflows, which starts a thread for each call into the sandbox: 80 µs, some
 * thirty times for a short execution.
 *
 * Cutting a workflow off would corrupt Node's async hooks, which ends the process; that a workflow task comes to an end
 * the interpreter sees to (`workflows/breath.ts`).
 */
export class UnwatchedWorker extends Worker {
  protected static override createWorkflowCreator(
    bundle: WorkflowBundleWithSourceMapAndFilename,
    options: CompiledWorkerOptions,
    logger: Logger,
  ): Promise<WorkflowCreator> {
    // Node's `vm` watches where it is given a time.
    return super.createWorkflowCreator(bundle, { ...options, isolateExecutionTimeoutMs: undefined as never }, logger);
  }
}
