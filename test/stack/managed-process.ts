import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, createWriteStream, openSync } from 'node:fs';

export type ManagedProcess = {
  readonly pid: () => number;
  readonly isRunning: () => boolean;
  /** Sends a signal that ends it, and waits for the end. */
  readonly kill: (signal: NodeJS.Signals) => Promise<void>;
  /** Sends a signal, and waits for nothing. */
  readonly send: (signal: NodeJS.Signals) => void;
  /** Resolves when it is ready. @param env over its own, this time */
  readonly start: (env?: NodeJS.ProcessEnv) => Promise<void>;
};

// A run that is killed must not leave them behind.
const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** A script of ours, or a program, as a process that can be killed and started again. */
export function manageProcess(
  script: string,
  options: {
    readonly env: NodeJS.ProcessEnv;
    readonly ready: (child: ChildProcess) => Promise<void>;
    /** Takes what it says, after what it said before. @default errors go to ours, the rest nowhere */
    readonly logFile?: string;
    /** A Ctrl-C reaches only us, who end it in order. @default false */
    readonly detached?: boolean;
    /** Not a script but what runs by itself. @default false */
    readonly isProgram?: boolean;
  },
): ManagedProcess {
  let child: ChildProcess | undefined;
  const [command, words] =
    options.isProgram === true
      ? [script, []]
      : [process.execPath, [...(script.endsWith('.ts') ? ['--import', 'tsx'] : []), script]];
  const isRunning = (): boolean => child?.exitCode === null && child.signalCode === null;
  return {
    pid: () => child?.pid ?? 0,
    isRunning,
    start: async (env = {}) => {
      const errors = options.logFile === undefined ? 'inherit' : openSync(options.logFile, 'a', 0o600);
      const started = spawn(command, words, {
        env: { ...options.env, ...env },
        stdio: ['ignore', 'pipe', errors],
        detached: options.detached ?? false,
      });
      child = started;
      running.add(started);
      started.once('exit', () => running.delete(started));
      if (options.logFile !== undefined) {
        closeSync(Number(errors));
        started.stdout?.pipe(createWriteStream(options.logFile, { flags: 'a' }));
      }
      await options.ready(started);
      if (options.logFile === undefined) started.stdout?.resume();
    },
    send: (signal) => void child?.kill(signal),
    kill: async (signal) => {
      if (!child || !isRunning()) return;
      const exited = once(child, 'exit');
      child.kill(signal);
      await exited;
    },
  };
}

/** Resolves when the process has said `text`. @throws Error when it ends before */
export async function lineOf(child: ChildProcess, text: string): Promise<void> {
  let seen = '';
  for (;;) {
    const [chunk] = (await Promise.race([
      once(child.stdout ?? child, 'data'),
      once(child, 'exit').then(() => {
        throw new Error(`it ended before it said '${text}': ${seen}`);
      }),
    ])) as [Buffer];
    seen += chunk.toString();
    if (seen.includes(text)) return;
  }
}
