import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import { freePort } from '../../src/dev/free-port.ts';
import { launch } from '../../src/dev/launch.ts';
import { endProcess, isRunning } from '../../src/dev/process-mark.ts';
import { runCommand } from '../../src/dev/run-command.ts';
import { UNTHROTTLED } from '../../src/dev/temporal.ts';
import { GRPC, grpcCodeOf } from '../../src/temporal/as-problem.ts';
import { until } from '../../test/stack/until.ts';
import type { BenchTemporal } from '../servers.ts';
import { dynamicConfiguration, serverConfiguration } from './configuration.ts';
import type { TemporalBinaries } from './install.ts';

/** Ports of a server: a frontend and three other parts, each with one for the others. */
const PORTS = 8;
/** The server keeps ports in two bytes with a sign: below those that the system gives out. */
const FIRST_PORT = 27_000;
/** What a namespace is known by everywhere after. ms */
const NAMESPACE_CACHE_MS = 500;

export type ServerOptions = {
  readonly binaries: TemporalBinaries;
  /** Its files are in it. */
  readonly directory: string;
  /** A superuser's, of the server it keeps its databases in. */
  readonly postgresUrl: string;
  /** Of all its databases: another one each time. */
  readonly number: number;
  readonly namespaces: readonly string[];
};

/**
 * Starts Temporal's own server with all its parts in one process and databases of its own, and waits until it answers.
 * @throws Error with what it said when it doesn't start
 */
export async function startTemporalServer(options: ServerOptions): Promise<Omit<BenchTemporal, 'store'>> {
  const { binaries, directory, postgresUrl, number } = options;
  const { host, username, password } = new URL(postgresUrl);
  const names = [`temporal_${number}`, `temporal_visibility_${number}`] as const;
  await makeTables(binaries.sqlTool, postgresUrl, names);
  const ports: number[] = [];
  while (ports.length < PORTS) ports.push(await freePort(FIRST_PORT, ports));
  const [port = 0, ...otherPorts] = ports;
  const dynamicConfig = join(directory, `dynamic-${number}.yaml`);
  const settings = { ...UNTHROTTLED, 'system.namespaceCacheRefreshInterval': '100ms' };
  await writeFile(dynamicConfig, dynamicConfiguration(settings));
  const file = join(directory, `temporal-${number}.yaml`);
  const database = { host, user: username, password, names };
  await writeFile(file, serverConfiguration({ port, otherPorts, database, dynamicConfig }), { mode: 0o600 });
  const logFile = join(directory, 'temporal.log');
  const mark = launch(binaries.server, ['--allow-no-auth', '--config-file', file, 'start'], { logFile });
  const address = `127.0.0.1:${port}`;
  const stop = () => endProcess(mark, 'SIGTERM', 10_000);
  try {
    await until("Temporal's server answers", async () => {
      if (!isRunning(mark)) throw new Error('it ended');
      return await makeNamespaces(address, options.namespaces);
    });
  } catch (error) {
    await stop();
    const said = await readFile(logFile, 'utf8');
    throw new Error(`Temporal's server doesn't start:\n${said.slice(-2_000)}`, { cause: error });
  }
  await sleep(NAMESPACE_CACHE_MS);
  return { address, pid: mark.pid, mark, stop };
}

async function makeTables(tool: string, postgresUrl: string, names: readonly [string, string]): Promise<void> {
  const { hostname, port, username, password } = new URL(postgresUrl);
  const login = ['--plugin', 'postgres12_pgx', '--ep', hostname, '--port', port, '--user', username, '--pw', password];
  const schemas = ['postgresql/v12/temporal', 'postgresql/v12/visibility'];
  for (const [index, name] of names.entries()) {
    const steps = [
      ['create-database'],
      ['setup-schema', '--version', '0.0'],
      ['update-schema', '--schema-name', schemas[index] ?? ''],
    ];
    for (const step of steps) {
      const { code, output } = await runCommand(tool, [...login, '--db', name, ...step]);
      if (code !== 0) throw new Error(`Temporal's tables can't be made (${step.join(' ')}):\n${output.slice(-2_000)}`);
    }
  }
}

/** False while the server doesn't answer. */
async function makeNamespaces(address: string, names: readonly string[]): Promise<boolean> {
  const connection = await Connection.connect({ address, connectTimeout: 1_000 }).catch(() => undefined);
  if (!connection) return false;
  try {
    for (const namespace of names) {
      const request = { namespace, workflowExecutionRetentionPeriod: msToTs('1 day') };
      await connection
        .withDeadline(Date.now() + 5_000, () => connection.workflowService.registerNamespace(request))
        .catch((error: unknown) => {
          if (grpcCodeOf(error) !== GRPC.ALREADY_EXISTS) throw error;
        });
    }
    return true;
  } catch (error) {
    if (grpcCodeOf(error) === undefined) throw error;
    return false;
  } finally {
    await connection.close();
  }
}
