/** The API and the worker as processes of their own, so that either may die alone. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LocalSettings } from '../config.ts';
import { entryPoint } from './entry-points.ts';
import { freePort } from './free-port.ts';
import { keepRunning, type Part } from './keep-running.ts';
import { launch } from './launch.ts';
import { endProcess, isRunning, type ProcessMark } from './process-mark.ts';
import type { StackMemory } from './stack-state.ts';

export type ServiceOptions = {
  readonly directory: string;
  readonly databaseUrl: string;
  readonly temporal: {
    readonly address: string;
    readonly namespace: string;
    readonly ui: string;
    readonly own: boolean;
  };
  /** Ports that no definition may call. */
  readonly denyPorts: readonly number[];
  readonly executors: string | undefined;
  /** Preferred port of the API. @default that of the last run, else 8700 */
  readonly port: number | undefined;
  readonly settings: LocalSettings;
  readonly memory: StackMemory;
  readonly log: (line: string) => void;
  readonly onRestart: () => Promise<void>;
};

const ATTEMPTS = 4;
/** How long a start may take, ms. */
const START_MS = 60_000;
/** How long requests in flight, and the worker's activities, may take to end, ms. */
const API_GRACE_MS = 12_000;
const WORKER_GRACE_MS = 30_000;

/** The environment that `config.ts` reads in the API and the worker. */
export function serviceEnvironment(options: ServiceOptions, port: number): NodeJS.ProcessEnv {
  const { temporal } = options;
  const values: NodeJS.ProcessEnv = {
    DATABASE_URL: options.databaseUrl,
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: temporal.namespace,
    TEMPORAL_UI: temporal.ui,
    WEFT_HOST: '127.0.0.1',
    WEFT_PORT: String(port),
    WEFT_HTTP_ALLOW_PRIVATE: 'true',
    WEFT_HTTP_DENY_PORTS: options.denyPorts.join(','),
    ...(options.executors === undefined ? {} : { WEFT_EXECUTORS: options.executors }),
    // An API key turns TLS on, which the dev server doesn't speak.
    ...(temporal.own ? { TEMPORAL_API_KEY: '' } : {}),
  };
  const environment = { ...options.settings.environment, ...values };
  // A file would win over the value.
  for (const name of Object.keys(values)) Reflect.deleteProperty(environment, `${name}_FILE`);
  return environment;
}

/**
 * Starts the API on the port asked for or the next free one, and keeps it there.
 * @throws Error with the end of its log when it doesn't start
 */
export async function keepApi(options: ServiceOptions): Promise<{ readonly url: string; readonly part: Part }> {
  const { memory } = options;
  let port = await freePort(options.port ?? memory.state().ports.api ?? 8700);
  for (let attempt = 1; ; attempt++) {
    const start = (signal?: AbortSignal) => startApi(options, port, signal);
    try {
      const first = await start();
      await memory.remember({ api: first, ports: { ...memory.state().ports, api: port } });
      return { url: `http://127.0.0.1:${port}`, part: keepService('API', 'api', API_GRACE_MS, first, start, options) };
    } catch (error) {
      // Another program took the port in the meantime.
      if (attempt === ATTEMPTS || !String(error).includes('EADDRINUSE')) throw error;
      port = await freePort(port + 1);
    }
  }
}

/**
 * Starts the worker and keeps it running.
 * @throws Error with the end of its log when it doesn't start
 */
export async function keepWorker(options: ServiceOptions): Promise<{ readonly part: Part }> {
  const logFile = logFileOf(options.directory, 'worker');
  const environment = serviceEnvironment(options, 0);
  const isReady = (said: string) => Promise.resolve(said.includes('worker ready'));
  const start = (signal?: AbortSignal) => startService('worker', logFile, environment, isReady, signal);
  const first = await start();
  await options.memory.remember({ worker: first });
  return { part: keepService('Worker', 'worker', WORKER_GRACE_MS, first, start, options) };
}

function startApi(options: ServiceOptions, port: number, signal?: AbortSignal): Promise<ProcessMark> {
  const isReady = async () => {
    const patience = { signal: AbortSignal.timeout(5000) };
    const response = await fetch(`http://127.0.0.1:${port}/readyz`, patience).catch(() => undefined);
    return response?.ok ?? false;
  };
  const logFile = logFileOf(options.directory, 'api');
  return startService('server', logFile, serviceEnvironment(options, port), isReady, signal);
}

function keepService(
  name: string,
  key: 'api' | 'worker',
  graceMs: number,
  first: ProcessMark,
  start: (signal: AbortSignal) => Promise<ProcessMark>,
  { memory, onRestart, log }: ServiceOptions,
): Part {
  return keepRunning({
    name,
    first,
    start,
    end: (mark) => endProcess(mark, 'SIGTERM', graceMs),
    onRestart: async (mark) => {
      await memory.remember({ [key]: mark });
      await onRestart();
    },
    log,
  });
}

/** Where a part of the stack writes what it has to say. */
export function logFileOf(directory: string, name: 'api' | 'worker' | 'temporal'): string {
  return join(directory, 'logs', `${name}.log`);
}

async function startService(
  entry: string,
  logFile: string,
  env: NodeJS.ProcessEnv,
  isReady: (said: string) => Promise<boolean>,
  signal?: AbortSignal,
): Promise<ProcessMark> {
  const begin = statSync(logFile, { throwIfNoEntry: false })?.size ?? 0;
  const said = () => readFileSync(logFile).subarray(begin).toString('utf8');
  const mark = launch(process.execPath, entryPoint(entry), { logFile, env });
  const end = Date.now() + START_MS;
  while (isRunning(mark) && Date.now() < end && signal?.aborted !== true) {
    // Somebody else's server may answer on this port, while ours is about to end because of it.
    if ((await isReady(said())) && isRunning(mark)) return mark;
    await sleep(50);
  }
  await endProcess(mark, 'SIGTERM', 2000);
  throw new Error(`src/${entry} doesn't start (all of it in ${logFile}):\n${said().slice(-2000)}`);
}
