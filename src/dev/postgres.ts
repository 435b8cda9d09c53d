/** The local stack's PostgreSQL: a daemon of its own that outlives us unless stopped. */
import { readFile, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './free-port.ts';
import { postgresAccount } from './postgres-account.ts';
import { postgresBinaries } from './postgres-binaries.ts';
import { preparePostgresData, SUPERUSER, type PostgresData } from './postgres-data.ts';
import { commandOf } from './process-mark.ts';
import { runCommand } from './run-command.ts';

export type PostgresOptions = {
  /** Made when missing. */
  readonly dataDirectory: string;
  /** Preferred port; the next free one when taken. 0 = any. @default 5433 */
  readonly port?: number;
  /** False gives up safety against a crash of the machine (not of the server) for speed. @default true */
  readonly durable?: boolean;
};

export type Postgres = {
  /** The superuser's, database `postgres`. */
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Ends every connection, writes everything down, answers when it is gone. */
  readonly stop: () => Promise<void>;
};

const ATTEMPTS = 6;

/**
 * Starts PostgreSQL 18 on 127.0.0.1, or re-attaches to the server that already runs on this data.
 * @throws Error with the end of the server's log when it doesn't start
 */
export async function startPostgres(options: PostgresOptions): Promise<Postgres> {
  const account = postgresAccount();
  const native = await postgresBinaries(account);
  const data = await preparePostgresData(options.dataDirectory, native, account, options.durable ?? true);
  const survivor = await runningServer(data.directory);
  if (survivor !== undefined) return describe(native, data, survivor);
  // What is left is of another boot, its process id given to somebody else: PostgreSQL would refuse to start.
  await rm(join(data.directory, 'postmaster.pid'), { force: true });
  let port = await freePort(options.port ?? 5433);
  for (let attempt = 1; ; attempt++) {
    const { code, output } = await control(native, data, [
      '-w',
      '-t',
      '60',
      '-l',
      'server.log',
      '-o',
      settings(port, options),
      'start',
    ]);
    const started = code === 0 ? await runningServer(data.directory) : undefined;
    if (started !== undefined) return describe(native, data, started);
    const log = await readFile(join(data.directory, 'server.log'), 'utf8').catch(() => '');
    if (attempt === ATTEMPTS) throw new Error(`PostgreSQL doesn't start: ${output}\n${log.slice(-2000)}`);
    if (/could not bind|Address already in use/.test(log.slice(-2000))) port = await freePort(port + 1);
    // After a kill -9 its children hold the shared memory for a moment longer.
    else await sleep(300);
  }
}

/** The server that runs on this data, if one does. */
export async function findPostgres(dataDirectory: string): Promise<Postgres | undefined> {
  const found = await realpath(dataDirectory).catch(() => undefined);
  const server = found === undefined ? undefined : await runningServer(found);
  if (server === undefined) return undefined;
  const account = postgresAccount();
  const native = await postgresBinaries(account);
  return describe(native, await preparePostgresData(dataDirectory, native, account, true), server);
}

function settings(port: number, options: PostgresOptions): string {
  const values: { readonly [name: string]: string | number } = {
    port,
    listen_addresses: '127.0.0.1',
    // No socket file: its path may hold 107 bytes only, and TCP with a password is all that is needed.
    unix_socket_directories: "''",
    max_connections: 200,
    timezone: 'UTC',
    log_timezone: 'UTC',
    ...(options.durable === false ? { fsync: 'off', full_page_writes: 'off' } : {}),
  };
  return Object.entries(values)
    .map(([name, value]) => `-c ${name}=${value}`)
    .join(' ');
}

function describe(native: string, data: PostgresData, server: { pid: number; port: number }): Postgres {
  return {
    ...server,
    url: `postgres://${SUPERUSER}:${data.password}@127.0.0.1:${server.port}/postgres`,
    stop: async () => {
      const fast = await control(native, data, ['-w', '-t', '30', '-m', 'fast', 'stop']);
      if (fast.code === 0 || !isPostgres(server)) return;
      await control(native, data, ['-w', '-t', '30', '-m', 'immediate', 'stop']);
    },
  };
}

/** The server that runs on this data, once it takes connections. */
async function runningServer(directory: string): Promise<{ pid: number; port: number } | undefined> {
  for (let waited = 0; waited < 60_000; waited += 100) {
    const lines = (await readFile(join(directory, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
    const server = { pid: Number(lines[0]), port: Number(lines[3]) };
    if (!isPostgres(server)) return undefined;
    if (lines[7]?.trim() === 'ready') return server;
    await sleep(100);
  }
  return undefined;
}

function isPostgres(server: { pid: number; port: number }): boolean {
  const command = server.pid > 0 ? commandOf(server.pid) : '';
  return command.includes('postgres') && command.includes(`port=${server.port}`);
}

/** `pg_ctl` with the data's path in the environment and as working directory: it puts options into a shell command unquoted. */
function control(native: string, data: PostgresData, commandArguments: readonly string[]) {
  const env = { PATH: '/usr/bin:/bin', LC_ALL: 'C', PGDATA: data.directory };
  return runCommand(join(native, 'bin', 'pg_ctl'), commandArguments, { ...data.account, cwd: data.directory, env });
}
