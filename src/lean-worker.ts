import { Worker as Thread } from 'node:worker_threads';
import { Worker } from '@temporalio/worker';
import type { Logger } from '@temporalio/worker';
import type { CompiledWorkerOptions } from '@temporalio/worker/lib/worker-options.js';
import type { WorkflowCreator } from '@temporalio/worker/lib/workflow/interface.js';
import { ThreadedVMWorkflowCreator, WorkerThreadClient } from '@temporalio/worker/lib/workflow/threaded-vm.js';
import type {
  WorkerThreadInput,
  WorkflowBundleWithSourceMapAndFilename,
} from '@temporalio/worker/lib/workflow/workflow-worker-thread/input.js';
import type {
  SinkCallList,
  WorkerThreadOutput,
} from '@temporalio/worker/lib/workflow/workflow-worker-thread/output.js';

const THREAD = new URL('./lean-thread.js', import.meta.url);
/**
 * Twice V8's own. What a workflow task makes is dead after it, but while a thousand tasks run in one most of it lives through
 * several collections, each of which copies it.
 */
const YOUNG = { maxYoungGenerationSizeMb: 96 };

/**
 * The SDK's worker without what costs a workflow more than its own work:
 * - no hook into its promises, and one message for each of its activations (`lean-thread.js`);
 * - no watch over it, by a thread that starts for each call into the sandbox: 80 µs, some thirty times for a short
 *   execution. Cutting a workflow off would corrupt Node's async hooks, which ends the process; that a workflow task comes
 *   to an end the interpreter sees to (`workflows/breath.ts`).
 */
export class LeanWorker extends Worker {
  protected static override async createWorkflowCreator(
    workflowBundle: WorkflowBundleWithSourceMapAndFilename,
    options: CompiledWorkerOptions,
    logger: Logger,
  ): Promise<WorkflowCreator> {
    const threads = Array.from(
      { length: options.workflowThreadPoolSize },
      () => new Thread(THREAD, { resourceLimits: YOUNG }),
    );
    const clients = threads.map((thread) => new LeanClient(thread, logger));
    const settings = {
      type: 'init' as const,
      workflowBundle,
      // Node's `vm` watches where it is given a time.
      isolateExecutionTimeoutMs: undefined as never,
      reuseV8Context: true,
      registeredActivityNames: new Set(options.activities.keys()),
      hasPatchActivationCallback: false,
    };
    try {
      await Promise.all(clients.map((client) => client.send(settings)));
    } catch (error) {
      await Promise.all(threads.map((thread) => thread.terminate()));
      throw error;
    }
    return new ThreadedVMWorkflowCreator(clients);
  }
}

/** Keeps the sink calls that came with an activation until the SDK asks for them. */
class LeanClient extends WorkerThreadClient {
  readonly #calls = new Map<string, SinkCallList['calls']>();

  override async send(input: WorkerThreadInput): Promise<WorkerThreadOutput> {
    if (input.type === 'extract-sink-calls') {
      const calls = this.#calls.get(input.runId);
      this.#calls.delete(input.runId);
      if (calls) return { type: 'sink-calls', calls };
    }
    const output = await super.send(input);
    if (input.type === 'activate-workflow' && output && 'calls' in output) this.#calls.set(input.runId, output.calls);
    return output;
  }
}
