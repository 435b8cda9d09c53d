/** The data directory of the local PostgreSQL: found or made, where its account can enter it. */
import { createHash, randomBytes } from 'node:crypto';
import {
  chown,
  lstat,
  mkdir,
  mkdtemp,
  readFile,
  realpath,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { makeSharedDirectory, SHARED_DIRECTORY } from './postgres-binaries.ts';
import { canEnter, type Account } from './postgres-account.ts';
import { runCommand } from './run-command.ts';

export const SUPERUSER = 'postgres';
const PASSWORD_FILE = 'weft-password';

export type PostgresData = {
  /** The real directory; a start as root may have put it elsewhere and left a link. */
  readonly directory: string;
  readonly password: string;
  /** Who owns it; undefined = we. */
  readonly account: Account | undefined;
};

/**
 * The data in `dataDirectory`, made by `initdb` when there is none.
 * @throws Error when it belongs to somebody else or `initdb` fails
 */
export async function preparePostgresData(
  dataDirectory: string,
  native: string,
  account: Account | undefined,
  durable: boolean,
): Promise<PostgresData> {
  const asked = resolve(dataDirectory);
  const found = await realpath(asked).catch(() => undefined);
  if (found !== undefined && (await exists(join(found, 'PG_VERSION')))) return openData(found, account);
  await rm(asked, { recursive: true, force: true });
  await mkdir(dirname(asked), { recursive: true });
  if (account === undefined || (await canEnter(dirname(asked), account))) {
    await createData(asked, native, account, durable);
    return openData(asked, account);
  }
  await makeSharedDirectory();
  const elsewhere = join(SHARED_DIRECTORY, `postgres-${createHash('sha256').update(asked).digest('hex').slice(0, 16)}`);
  // The link to it is gone, so somebody deleted the data directory: what is left here is nobody's any more.
  await rm(elsewhere, { recursive: true, force: true });
  await createData(elsewhere, native, account, durable);
  await symlink(elsewhere, asked);
  return openData(elsewhere, account);
}

/** Deletes the data, the link to it too. The server must have stopped. */
export async function removePostgresData(dataDirectory: string): Promise<void> {
  const found = await realpath(dataDirectory).catch(() => undefined);
  if (found !== undefined) await rm(found, { recursive: true, force: true });
  await rm(dataDirectory, { recursive: true, force: true });
}

async function openData(directory: string, account: Account | undefined): Promise<PostgresData> {
  const { uid, gid } = await stat(directory);
  if (account === undefined && uid !== process.getuid?.()) {
    throw new Error(
      `${directory} belongs to another user: start as that user (or root), or give --data another directory`,
    );
  }
  const password = (await readFile(join(directory, PASSWORD_FILE), 'utf8')).trim();
  // Root goes on with what a user began, as that user.
  return { directory, password, account: account === undefined || uid === 0 ? account : { uid, gid } };
}

async function createData(
  directory: string,
  native: string,
  account: Account | undefined,
  durable: boolean,
): Promise<void> {
  const unfinished = `${directory}.new`;
  const scratch = await mkdtemp(join(tmpdir(), 'weft-initdb-'));
  try {
    await rm(unfinished, { recursive: true, force: true });
    await mkdir(unfinished, { mode: 0o700 });
    const password = randomBytes(24).toString('base64url');
    const passwordFile = join(scratch, 'password');
    await writeFile(passwordFile, password, { mode: 0o600 });
    if (account !== undefined) {
      for (const path of [unfinished, scratch, passwordFile]) await chown(path, account.uid, account.gid);
    }
    const options = [
      '--auth=scram-sha-256',
      '-U',
      SUPERUSER,
      `--pwfile=${passwordFile}`,
      '--encoding=UTF8',
      '--no-instructions',
    ];
    // The built-in locale needs nothing of the machine's and sorts alike everywhere.
    options.push('--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8');
    if (!durable) options.push('--no-sync');
    const env = { PATH: '/usr/bin:/bin', PGDATA: unfinished, LC_ALL: 'C' };
    const result = await runCommand(join(native, 'bin', 'initdb'), options, { ...account, cwd: '/', env });
    if (result.code !== 0) throw new Error(`initdb failed in ${unfinished}:\n${result.output}`);
    await writeFile(join(unfinished, PASSWORD_FILE), password, { mode: 0o600 });
    if (account !== undefined) await chown(join(unfinished, PASSWORD_FILE), account.uid, account.gid);
    await rename(unfinished, directory);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
