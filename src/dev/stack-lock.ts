import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isRunning, markProcess, type ProcessMark } from './process-mark.ts';
import { readState } from './stack-state.ts';

/** A second stack was started on data that one already works on. */
export class StackRunningError extends Error {
  constructor(directory: string, pid: number) {
    super(
      `A stack already runs on ${directory} (process ${pid}). Stop it with Ctrl-C or \`kill ${pid}\`, or start this one with --data and another directory.`,
    );
    this.name = 'StackRunningError';
  }
}

/** For how long a stack that may be about to stop is given the chance to, and one that is stopping to end, ms. */
const PATIENCE_MS = 1500;
const STOPPING_MS = 60_000;

/**
 * Takes the data directory for this process; what a dead one left is taken over. Answers how to give it back.
 * @throws StackRunningError
 */
export async function lockStack(directory: string): Promise<() => Promise<void>> {
  const lock = join(directory, 'lock');
  const ours = markProcess(process.pid);
  const claim = `${lock}.${process.pid}`;
  await writeFile(claim, JSON.stringify(ours));
  try {
    const begun = Date.now();
    for (;;) {
      // A hard link, because it appears with its content in it and fails when another was first.
      const taken = await link(claim, lock).then(
        () => true,
        () => false,
      );
      if (taken) return () => rm(lock, { force: true });
      const holder = await readHolder(lock);
      if (!isRunning(holder)) await rm(lock, { force: true });
      else {
        const { stopping } = await readState(directory);
        if (Date.now() - begun > (stopping === true ? STOPPING_MS : PATIENCE_MS)) {
          throw new StackRunningError(directory, holder.pid);
        }
        await sleep(50);
      }
    }
  } finally {
    await rm(claim, { force: true });
  }
}

async function readHolder(lock: string): Promise<ProcessMark | undefined> {
  try {
    return JSON.parse(await readFile(lock, 'utf8')) as ProcessMark;
  } catch {
    return undefined;
  }
}
