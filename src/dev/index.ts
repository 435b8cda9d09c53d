/** `weft dev`: the whole local stack in one command. */
import { once } from 'node:events';
import { banner } from './banner.ts';
import { endSignal } from './end-signal.ts';
import { startStack, type StackOptions } from './start-stack.ts';

export type DevOptions = Omit<StackOptions, 'log' | 'signal'>;

/**
 * Starts everything, says where it is, keeps it up until it is told to end, and leaves nothing running.
 * @throws StackRunningError when one runs on this data; Error with the log of what doesn't start
 */
export async function dev(options: DevOptions = {}): Promise<void> {
  const begun = Date.now();
  const signal = endSignal();
  const log = (line: string) => void process.stderr.write(`${line}\n`);
  try {
    const stack = await startStack({ ...options, log, signal });
    process.stdout.write(banner(stack.ready(), { directory: stack.directory, tookMs: Date.now() - begun }));
    // The timer keeps the process: what it started is detached, and a signal handler alone doesn't.
    const alive = setInterval(() => undefined, 60_000);
    if (!signal.aborted) await once(signal, 'abort');
    clearInterval(alive);
    log('Stopping: API, worker, Temporal, PostgreSQL …');
    await stack.stop();
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  log('Everything has stopped');
}
