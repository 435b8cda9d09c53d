/** The library: your own executors, and a worker that runs them. */
import type { RunningWorker, StartWorkerOptions } from './start-worker.ts';

export { defineExecutor, ExecutorError } from '../activities/define-executor.ts';
export type { Executor, ExecutorContext, ExecutorOptions } from '../activities/define-executor.ts';
export type { RunningWorker, StartWorkerOptions } from './start-worker.ts';

/**
 * Starts a worker and resolves as soon as it takes work; waits while Temporal is away. SIGINT and SIGTERM stop it in order.
 * @throws Error on a bad setting, executors of one name, or a missing build
 */
export async function startWorker(options: StartWorkerOptions = {}): Promise<RunningWorker> {
  // The API imports modules of executors, and with them this one: it needs no worker.
  const { startWorker: start } = await import('./start-worker.ts');
  return await start(options);
}
