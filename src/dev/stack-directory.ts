/** The directory a stack keeps everything in: opened, and cleared of what a killed one left running. */
import { chmod, lstat, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { findPostgres } from './postgres.ts';
import { removePostgresData } from './postgres-data.ts';
import { endProcess, isRunning } from './process-mark.ts';
import { lockStack } from './stack-lock.ts';
import { openMemory, readState, STACK_FILES, type StackMemory, type StackState } from './stack-state.ts';

/** Time that a left-over API and worker get to end what they do, ms. */
const GRACE_MS = 5000;

export type ClaimOptions = { readonly data?: string; readonly fresh?: boolean; readonly ephemeral?: boolean };

/**
 * Takes a data directory, or a temporary one, for this process alone, without services that a killed one left behind.
 * @throws StackRunningError when another process has it
 */
export async function claimDirectory(
  options: ClaimOptions,
  atEnd: (step: () => Promise<unknown>) => void,
): Promise<{ readonly directory: string; readonly memory: StackMemory }> {
  if (options.ephemeral === true) {
    const directory = await openTemporaryDirectory('weft-stack-');
    atEnd(() => removeTemporaryDirectory(directory));
    return { directory, memory: await openMemory(directory) };
  }
  const directory = resolve(options.data ?? '.weft');
  await mkdir(directory, { recursive: true });
  atEnd(await lockStack(directory));
  const left = await readState(directory);
  if (options.fresh === true) {
    await endLeftovers(directory, left);
    await clearDataDirectory(directory);
  } else {
    await endLeftoverServices(left);
  }
  return { directory, memory: await openMemory(directory) };
}

/** A temporary directory under this prefix; those that killed processes left are removed with all that runs in them. */
export async function openTemporaryDirectory(prefix: string): Promise<string> {
  const names = (await readdir(tmpdir())).filter((name) => name.startsWith(prefix));
  await Promise.all(names.map((name) => removeAbandoned(join(tmpdir(), name))));
  const directory = await mkdtemp(join(tmpdir(), prefix));
  // PostgreSQL may run as another user, who has to come through here; the files in it are private one by one.
  await chmod(directory, 0o755);
  return directory;
}

/** Ends the API and the worker of a supervisor that was killed; what PostgreSQL and Temporal do is worth keeping. */
async function endLeftoverServices(state: StackState): Promise<void> {
  const services = [state.api, state.worker].filter((mark) => isRunning(mark));
  await Promise.all(services.map((mark) => endProcess(mark, 'SIGTERM', GRACE_MS)));
}

/** Ends everything that still runs on this directory. */
async function endLeftovers(directory: string, state: StackState): Promise<void> {
  await endLeftoverServices(state);
  if (isRunning(state.temporal)) await endProcess(state.temporal, 'SIGTERM', GRACE_MS);
  await (await findPostgres(join(directory, 'postgres')))?.stop();
}

/** Deletes what a stack keeps, and nothing else that lies there. Everything must have ended. */
async function clearDataDirectory(directory: string): Promise<void> {
  await removePostgresData(join(directory, 'postgres'));
  for (const name of STACK_FILES) await rm(join(directory, name), { recursive: true, force: true });
}

/** Deletes a temporary directory with PostgreSQL's data, which may lie elsewhere. */
export async function removeTemporaryDirectory(directory: string): Promise<void> {
  await removePostgresData(join(directory, 'postgres'));
  await rm(directory, { recursive: true, force: true });
}

async function removeAbandoned(directory: string): Promise<void> {
  try {
    // Everybody may write there: nobody else's file names processes for us to end.
    if ((await lstat(directory)).uid !== process.getuid?.()) return;
    const state = await readState(directory);
    if (state.supervisor === undefined || isRunning(state.supervisor)) return;
    await endLeftovers(directory, state);
    await removeTemporaryDirectory(directory);
  } catch {
    // Another process removes it at the same time.
  }
}
