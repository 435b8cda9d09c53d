import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** From the signal until the heaps are collected and the memory is given back, about, ms. */
const COLLECTED_MS = 1_000;
const TIMES = 2;

/** Resident memory of a process once what is dead is collected (`gc-on-signal.cjs`), kB. */
export async function livingKilobytes(pid: number): Promise<number> {
  for (let time = 0; time < TIMES; time++) {
    process.kill(pid, 'SIGWINCH');
    await sleep(COLLECTED_MS);
  }
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0);
}
