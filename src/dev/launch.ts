import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { markProcess, type ProcessMark } from './process-mark.ts';

/**
 * Starts a program that a Ctrl-C at our terminal doesn't reach, its output appended to a file.
 * @throws Error when it can't be started
 */
export function launch(
  command: string,
  commandArguments: readonly string[],
  options: { readonly logFile: string; readonly env?: NodeJS.ProcessEnv },
): ProcessMark {
  mkdirSync(dirname(options.logFile), { recursive: true });
  const log = openSync(options.logFile, 'a', 0o600);
  try {
    const child = spawn(command, commandArguments, {
      detached: true,
      stdio: ['ignore', log, log],
      ...(options.env === undefined ? {} : { env: options.env }),
    });
    // An error is reported later as an event too, which would end us.
    child.on('error', () => undefined);
    child.unref();
    const mark = child.pid === undefined ? undefined : markProcess(child.pid);
    if (mark === undefined) throw new Error(`${command} can't be started; see ${options.logFile}`);
    return mark;
  } finally {
    closeSync(log);
  }
}
