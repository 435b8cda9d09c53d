/** The two servers under the stack: its own, kept running, or those that the environment names. */
import { join } from 'node:path';
import type { LocalSettings } from '../config.ts';
import { keepRunning, type Part } from './keep-running.ts';
import { findPostgres, startPostgres } from './postgres.ts';
import { endProcess, isRunning, markProcess } from './process-mark.ts';
import { logFileOf } from './stack-services.ts';
import type { StackMemory } from './stack-state.ts';
import { attachTemporal, isTemporalUp, startTemporal } from './temporal.ts';

export type ServerOptions = {
  readonly directory: string;
  /** False where the data is thrown away anyway. */
  readonly durable: boolean;
  readonly settings: LocalSettings;
  readonly memory: StackMemory;
  readonly log: (line: string) => void;
  /** A server has another process now. */
  readonly onRestart: () => Promise<void>;
};

/** `part` is undefined for a server that isn't ours. */
export type StackPostgres = { readonly url: string; readonly part: Part | undefined };
export type StackTemporal = {
  readonly address: string;
  readonly namespace: string;
  readonly ui: string;
  readonly part: Part | undefined;
};

/** PostgreSQL on the port of the last run, or the one that outlived its supervisor. */
export async function keepPostgres(options: ServerOptions): Promise<StackPostgres> {
  const { settings, memory, durable, log, onRestart } = options;
  if (settings.databaseUrl !== undefined) return { url: settings.databaseUrl, part: undefined };
  const dataDirectory = join(options.directory, 'postgres');
  const first = await startPostgres({ dataDirectory, durable, port: memory.state().ports.postgres ?? 5433 });
  const { port, url } = first;
  await memory.remember({ ports: { ...memory.state().ports, postgres: port } });
  const end = async () => (await findPostgres(dataDirectory))?.stop();
  const start = async () => {
    const again = await startPostgres({ dataDirectory, durable, port });
    if (again.port === port) return mustRun(again.pid);
    // The API and the worker know it by the old port.
    await again.stop();
    throw new Error(`port ${port} is taken`);
  };
  return { url, part: keepRunning({ name: 'PostgreSQL', first: mustRun(first.pid), start, end, onRestart, log }) };
}

/** Temporal on the ports of the last run, or the one that outlived its supervisor. */
export async function keepTemporal(options: ServerOptions): Promise<StackTemporal> {
  const { settings, memory, log } = options;
  const namespace = settings.temporalNamespace ?? 'default';
  if (settings.temporalAddress !== undefined) {
    return { address: settings.temporalAddress, namespace, ui: settings.temporalUi ?? '', part: undefined };
  }
  const first = (await findSurvivor(memory, namespace)) ?? (await startOwnTemporal(options, namespace));
  const { port, uiPort, address, uiUrl: ui } = first;
  await memory.remember({
    temporal: first.mark,
    ports: { ...memory.state().ports, temporal: port, temporalUi: uiPort },
  });
  const start = async () => {
    const again = await startOwnTemporal(options, namespace);
    if (again.port === port) return again.mark;
    await again.stop();
    throw new Error(`port ${port} is taken`);
  };
  const part = keepRunning({
    name: 'Temporal',
    first: first.mark,
    start,
    end: (mark) => endProcess(mark, 'SIGTERM', 10_000),
    onRestart: async (mark) => {
      await memory.remember({ temporal: mark });
      await options.onRestart();
    },
    log,
  });
  return { address, namespace, ui, part };
}

async function findSurvivor(memory: StackMemory, namespace: string) {
  const { temporal: mark, ports } = memory.state();
  if (!isRunning(mark) || ports.temporal === undefined || ports.temporalUi === undefined) return undefined;
  const survivor = attachTemporal(mark, { port: ports.temporal, uiPort: ports.temporalUi, namespace });
  if (await isTemporalUp(survivor.address, namespace)) return survivor;
  await survivor.stop();
  return undefined;
}

function startOwnTemporal(options: ServerOptions, namespace: string) {
  const { ports } = options.memory.state();
  return startTemporal({
    dataFile: join(options.directory, 'temporal.db'),
    logFile: logFileOf(options.directory, 'temporal'),
    durable: options.durable,
    namespace,
    cliPath: options.settings.temporalCliPath,
    log: options.log,
    port: ports.temporal ?? 7233,
    uiPort: ports.temporalUi ?? 8233,
  });
}

function mustRun(pid: number) {
  const mark = markProcess(pid);
  if (mark === undefined) throw new Error('it ended at once');
  return mark;
}
