import { commandOf, isRunning, markProcess, parentOf } from './process-mark.ts';

/**
 * Aborted when we are to end: Ctrl-C, SIGTERM, the terminal gone, or the npm that started us gone. Asked more than once
 * changes nothing: npm and the terminal often send the same signal.
 */
export function endSignal(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => controller.abort());
  endWithNpm(controller);
  // A closed pipe behind our output is no reason to leave everything running.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  return controller.signal;
}

/** npm hands a signal to the shell between it and us, which dies of it and tells us nothing. */
function endWithNpm(controller: AbortController): void {
  const parent = process.ppid;
  const npm = [parent, parentOf(parent)].find((pid) => /^(\S*\/)?(node \S*\/)?npm\b/.test(commandOf(pid)));
  const mark = npm === undefined ? undefined : markProcess(npm);
  if (mark === undefined) return;
  const timer = setInterval(() => {
    if (process.ppid === parent && isRunning(mark)) return;
    clearInterval(timer);
    controller.abort();
  }, 500);
  timer.unref();
}
