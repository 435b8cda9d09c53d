import { readdirSync, readFileSync } from 'node:fs';

/** Of /proc: so many ticks are a second on every Linux that runs Node. */
const TICKS = 100;

/** CPU time a process has used so far in all its threads, s; 0 when there is none. */
export function cpuSeconds(pid: number): number {
  const fields = statOf(pid);
  return sum(fields.slice(11, 13)) / TICKS;
}

/** The same of a process and its children, those that have ended too, s. */
export function treeCpuSeconds(pid: number): number {
  const own = sum(statOf(pid).slice(11, 15)) / TICKS;
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => statOf(Number(name)))
    .filter(([, parent]) => Number(parent) === pid);
  return own + children.reduce((total, fields) => total + sum(fields.slice(11, 13)) / TICKS, 0);
}

/** The fields of /proc/PID/stat from the third on, the name before them may hold anything. */
function statOf(pid: number): readonly string[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return [];
  }
}

function sum(values: readonly string[]): number {
  return values.reduce((total, value) => total + Number(value), 0);
}
