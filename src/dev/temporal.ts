/** The local stack's Temporal: the real dev server with its UI, detached so that a Ctrl-C reaches only us. */
import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { freePort } from './free-port.ts';
import { launch } from './launch.ts';
import { endProcess, isRunning, type ProcessMark } from './process-mark.ts';
import { ensureTemporalCli } from './temporal-binaries.ts';

export type TemporalOptions = {
  /** SQLite file; without one everything is forgotten at the end. */
  readonly dataFile?: string | undefined;
  /** Preferred ports; the next free ones when taken. 0 = any. @default 7233 and 8233 */
  readonly port?: number;
  readonly uiPort?: number;
  /** False gives up safety against a crash of the machine for speed. @default true */
  readonly durable?: boolean;
  /** @default default */
  readonly namespace?: string;
  /** Where it writes what it has to say. */
  readonly logFile: string;
  readonly cliPath?: string | undefined;
  /** Further settings of the server; they go over ours. */
  readonly dynamicConfig?: { readonly [key: string]: number | boolean };
  readonly log?: (line: string) => void;
};

export type TemporalServer = {
  readonly address: string;
  readonly namespace: string;
  readonly uiUrl: string;
  readonly port: number;
  readonly uiPort: number;
  readonly pid: number;
  readonly mark: ProcessMark;
  readonly stop: () => Promise<void>;
};

/**
 * Without these the dev server hides what Weft costs behind waits of its own: a dispatch tick of 50 ms for its one
 * shard, and quotas made for many tenants; and a workflow task during which more than 100 events come in, as when many
 * parallel tasks end, fails, is replayed whole and takes longer still (`docs/operations.md`).
 */
export const UNTHROTTLED: { readonly [key: string]: number } = {
  'history.transferProcessorMaxPollRPS': 2000,
  'history.timerProcessorMaxPollRPS': 2000,
  'history.visibilityProcessorMaxPollRPS': 2000,
  'history.maximumBufferedEventsBatch': 5_000,
  'frontend.rps': 100_000,
  'frontend.namespaceRPS': 100_000,
  'frontend.namespaceRPS.visibility': 1000,
  'frontend.namespaceCount': 20_000,
  'frontend.persistenceMaxQPS': 100_000,
  'history.rps': 100_000,
  'history.persistenceMaxQPS': 100_000,
  'matching.rps': 100_000,
  'matching.persistenceMaxQPS': 100_000,
  'worker.persistenceMaxQPS': 100_000,
  'system.visibilityPersistenceMaxReadQPS': 100_000,
  'system.visibilityPersistenceMaxWriteQPS': 100_000,
};

const ATTEMPTS = 5;

/**
 * Starts the dev server on 127.0.0.1 and waits until it answers.
 * @throws Error with the end of its log when it doesn't start
 */
export async function startTemporal(options: TemporalOptions): Promise<TemporalServer> {
  const cli = await ensureTemporalCli({
    ...(options.cliPath === undefined ? {} : { path: options.cliPath }),
    ...(options.log === undefined ? {} : { log: options.log }),
  });
  if (options.dataFile !== undefined) mkdirSync(dirname(options.dataFile), { recursive: true });
  let port = await freePort(options.port ?? 7233);
  let uiPort = await freePort(options.uiPort ?? 8233, [port]);
  for (let attempt = 1; ; attempt++) {
    const begin = sizeOf(options.logFile);
    const mark = launch(cli, serverArguments(options, port, uiPort), { logFile: options.logFile });
    const server = attachTemporal(mark, { port, uiPort, namespace: options.namespace ?? 'default' });
    const said = () => readFileSync(options.logFile, 'utf8').slice(begin);
    if (await answers(server, said)) return server;
    await server.stop();
    const log = said();
    const taken = /address already in use|can't set .*port/i.test(log);
    if (attempt === ATTEMPTS || !taken) throw new Error(`Temporal doesn't start:\n${log.slice(-2000)}`);
    port = await freePort(port + 1);
    uiPort = await freePort(uiPort + 1, [port]);
  }
}

/** A server that runs already, e.g. one that outlived a killed supervisor. */
export function attachTemporal(
  mark: ProcessMark,
  at: { readonly port: number; readonly uiPort: number; readonly namespace: string },
): TemporalServer {
  return {
    ...at,
    address: `127.0.0.1:${at.port}`,
    uiUrl: `http://127.0.0.1:${at.uiPort}`,
    pid: mark.pid,
    mark,
    stop: () => endProcess(mark, 'SIGTERM', 10_000),
  };
}

/** Whether a Temporal frontend answers at this address. */
export async function isTemporalUp(address: string, namespace: string): Promise<boolean> {
  const connection = await Connection.connect({ address, connectTimeout: 1000 }).catch(() => undefined);
  if (connection === undefined) return false;
  try {
    await connection.withDeadline(Date.now() + 2000, () => connection.workflowService.describeNamespace({ namespace }));
    return true;
  } catch {
    return false;
  } finally {
    await connection.close();
  }
}

function serverArguments(options: TemporalOptions, port: number, uiPort: number): readonly string[] {
  const result = ['server', 'start-dev', '--ip', '127.0.0.1', '--log-level', 'warn'];
  result.push('--port', String(port), '--ui-port', String(uiPort));
  if (options.namespace !== undefined) result.push('--namespace', options.namespace);
  if (options.dataFile !== undefined) result.push('--db-filename', options.dataFile);
  if (options.durable === false) result.push('--sqlite-pragma', 'synchronous=off');
  for (const [key, value] of Object.entries({ ...UNTHROTTLED, ...options.dynamicConfig }))
    result.push('--dynamic-config-value', `${key}=${value}`);
  return result;
}

/** Up = says so itself (another server may hold the port) and answers; false when it ended or a minute has gone. */
async function answers(server: TemporalServer, said: () => string): Promise<boolean> {
  const end = Date.now() + 60_000;
  while (isRunning(server.mark) && Date.now() < end) {
    if (said().includes('Temporal Server:') && (await isTemporalUp(server.address, server.namespace))) return true;
    await sleep(50);
  }
  return false;
}

function sizeOf(file: string): number {
  try {
    return statSync(file).size;
  } catch {
    return 0;
  }
}
