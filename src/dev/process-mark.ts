import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** A process that can be recognised later: process ids are given out again, a start time with them is not. */
export type ProcessMark = { readonly pid: number; readonly startedAt: string };

/** The mark of a running process, or undefined when there is none (a zombie counts as none). */
export function markProcess(pid: number): ProcessMark | undefined {
  const startedAt = startTimeOf(pid);
  return startedAt === undefined ? undefined : { pid, startedAt };
}

/** Whether the very process that was marked still runs. */
export function isRunning(mark: ProcessMark | undefined): mark is ProcessMark {
  return mark !== undefined && startTimeOf(mark.pid) === mark.startedAt;
}

/** The command line of a process, its words separated by spaces; '' when there is none. */
export function commandOf(pid: number): string {
  if (process.platform !== 'linux') return ps(pid, 'command=');
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    return '';
  }
}

/** Ends a process: `signal`, and SIGKILL after `graceMs`. Answers when it is gone. */
export async function endProcess(mark: ProcessMark, signal: NodeJS.Signals, graceMs: number): Promise<void> {
  sendSignal(mark, signal);
  for (let waited = 0; isRunning(mark) && waited < graceMs; waited += 25) await sleep(25);
  sendSignal(mark, 'SIGKILL');
  while (isRunning(mark)) await sleep(25);
}

function sendSignal(mark: ProcessMark, signal: NodeJS.Signals): void {
  if (!isRunning(mark)) return;
  try {
    process.kill(mark.pid, signal);
  } catch {
    // It ended between the look and the signal.
  }
}

/** The process that started this one; 0 when there is none. */
export function parentOf(pid: number): number {
  return Number(process.platform === 'linux' ? statOf(pid)?.[1] : ps(pid, 'ppid=')) || 0;
}

function startTimeOf(pid: number): string | undefined {
  if (process.platform !== 'linux') return ps(pid, 'lstart=') || undefined;
  const stat = statOf(pid);
  return stat === undefined || hasEnded(stat) ? undefined : `${bootId()}/${stat[19] ?? ''}`;
}

/** The first thread may be a zombie while others still end and hold the process's ports and files. */
function hasEnded(stat: readonly string[]): boolean {
  const [state, threads] = [stat[0], Number(stat[17])];
  return state === 'X' || (state === 'Z' && threads <= 1);
}

/** The fields of /proc/PID/stat from the third on: state, parent, … */
function statOf(pid: number): readonly string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in the second field may hold spaces and brackets.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}

/** Start times count from the boot, so they mean nothing in the next one. */
function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return '';
  }
}

function ps(pid: number, format: string): string {
  try {
    return execFileSync('ps', ['-o', format, '-p', String(pid)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return '';
  }
}
