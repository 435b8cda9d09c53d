import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, readlink, realpath, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Client } from 'pg';
import { describe, expect, onTestFinished, test } from 'vitest';
import { findPostgres, startPostgres, type PostgresOptions } from '../../src/dev/postgres.ts';
import { restoreLinks } from '../../src/dev/postgres-binaries.ts';
import { removePostgresData } from '../../src/dev/postgres-data.ts';
import { endProcess, markProcess } from '../../src/dev/process-mark.ts';
import { runCommand } from '../../src/dev/run-command.ts';
import { temporaryDirectory } from './temporary.ts';

const STARTER = join(import.meta.dirname, 'start-postgres.ts');

async function start(dataDirectory: string, options: Partial<PostgresOptions> = {}) {
  const server = await startPostgres({ dataDirectory, port: 0, durable: false, ...options });
  onTestFinished(() => server.stop());
  return server;
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<unknown[]>({ text: sql, rowMode: 'array' })).rows.flat();
  } finally {
    await client.end();
  }
}

describe('data', () => {
  test('is made once and found again after a stop and after a kill, a server that runs is re-attached to', async () => {
    const directory = join(temporaryDirectory(), 'deep', 'postgres');
    const first = await start(directory);
    await query(first.url, 'create table kept as select 42 as n');
    expect((await start(directory)).pid).toBe(first.pid);
    await first.stop();
    expect(await findPostgres(directory)).toBeUndefined();

    const second = await start(directory, { port: first.port });
    expect(second.url).toBe(first.url);
    // Until the signal has arrived it is a server that runs.
    await endProcess(markProcess(second.pid)!, 'SIGKILL', 0);
    const third = await start(directory, { port: first.port });
    expect(third.pid).not.toBe(second.pid);
    expect(await query(third.url, 'select n from kept')).toEqual([42]);
  });

  test('an attempt to make it that was cut off leaves nothing that would be taken for data', async () => {
    const directory = join(temporaryDirectory(), 'postgres');
    await mkdir(`${directory}.new`, { recursive: true });
    await writeFile(join(`${directory}.new`, 'PG_VERSION'), '18');
    await mkdir(directory);
    const server = await start(directory);
    expect(await query(server.url, 'select 1')).toEqual([1]);
  });

  test('a process id that belongs to somebody else now does not stop a start', async () => {
    const directory = join(temporaryDirectory(), 'postgres');
    const first = await start(directory);
    await first.stop();
    const stale = join(await realpath(directory), 'postmaster.pid');
    await writeFile(stale, `${process.pid}\n${directory}\n0\n${first.port}\n\n127.0.0.1\n\nready\n`);
    expect(await query((await start(directory)).url, 'select 1')).toEqual([1]);
  });
});

test('it survives a starter that is killed, and the next one finds it', async () => {
  const directory = join(temporaryDirectory(), 'postgres');
  const starter = spawn(process.execPath, ['--import', 'tsx', STARTER, directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(starter.stdout, 'data')) as [Buffer];
  starter.kill('SIGKILL');
  await once(starter, 'exit');
  const { pid, url } = JSON.parse(line.toString()) as { pid: number; url: string };
  const server = await start(directory);
  expect(server.pid).toBe(pid);
  expect(await query(url, 'select 1')).toEqual([1]);
});

test('a taken port moves to the next, and only 127.0.0.1 with the password is let in', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  onTestFinished(() => void taken.close());
  const { port } = taken.address() as { port: number };
  const server = await start(join(temporaryDirectory(), 'postgres'), { port });
  expect(server.port).toBeGreaterThan(port);
  expect(await query(server.url, 'show listen_addresses')).toEqual(['127.0.0.1']);
  expect(await query(server.url, 'show unix_socket_directories')).toEqual(['']);
  const url = new URL(server.url);
  url.password = 'guessed';
  await expect(query(url.href, 'select 1')).rejects.toThrow('password authentication failed');
});

test('library links that are missing are made, the others left alone', async () => {
  const native = join(temporaryDirectory(), 'native');
  await mkdir(join(native, 'lib'), { recursive: true });
  await writeFile(join(native, 'lib', 'libicuuc.so.60.2'), '');
  await symlink('elsewhere', join(native, 'lib', 'libpq.so'));
  const links = [
    { source: 'native/lib/libicuuc.so.60.2', target: 'native/lib/libicuuc.so.60' },
    { source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so' },
  ];
  await writeFile(join(native, 'pg-symlinks.json'), JSON.stringify(links));
  await Promise.all([restoreLinks(native), restoreLinks(native)]);
  expect(await readlink(join(native, 'lib', 'libicuuc.so.60'))).toBe('libicuuc.so.60.2');
  expect(await readlink(join(native, 'lib', 'libpq.so'))).toBe('elsewhere');
});

const isRoot = process.getuid?.() === 0;
if (!isRoot) console.warn('Starting PostgreSQL for another user is not tested: only root can become one.');

describe.skipIf(!isRoot)('as root', () => {
  test('data in a directory that others may not enter lies elsewhere, behind a link, and goes with it', async () => {
    const home = temporaryDirectory();
    await chmod(home, 0o700);
    const directory = join(home, 'my "$project`s"', 'postgres');
    const server = await startPostgres({ dataDirectory: directory, port: 0, durable: false });
    expect(await query(server.url, 'select 1')).toEqual([1]);
    const elsewhere = await readlink(directory);
    expect(elsewhere).not.toContain(home);
    await server.stop();
    await removePostgresData(directory);
    await expect(realpath(elsewhere)).rejects.toThrow('ENOENT');
  });

  test('a plain user starts it as itself', async () => {
    const home = temporaryDirectory();
    await chmod(home, 0o777);
    const options = { uid: 65_534, gid: 65_534, env: { PATH: process.env['PATH'], HOME: home } };
    const directory = join(home, '.weft', 'postgres');
    const { code, output } = await runCommand(
      process.execPath,
      ['--import', 'tsx', STARTER, directory, 'stop'],
      options,
    );
    expect(output).toContain('stopped');
    expect(code).toBe(0);
  });
});
