import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { access, chmod, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inject } from 'vitest';
import { cacheDirectory } from '../../src/dev/cache-directory.ts';
import { placeAtomically } from '../../src/dev/place-atomically.ts';
import { runCommand } from '../../src/dev/run-command.ts';

const examples = fileURLToPath(new URL('../../examples/executors/', import.meta.url));

/**
 * Installs what the example in Python needs, once per user.
 * @returns where it is, or why it can't be there
 */
export async function installPython(): Promise<{ readonly packages: string } | { readonly missing: string }> {
  const requirements = await readFile(join(examples, 'requirements.txt'));
  const hash = createHash('sha256').update(requirements).digest('hex').slice(0, 12);
  const packages = join(cacheDirectory(), `python-executors-${hash}`);
  if (await isThere(packages)) return { packages };
  try {
    await placeAtomically(packages, async (temporary) => {
      const options = ['--quiet', '--disable-pip-version-check', '--only-binary=:all:', '--target', temporary];
      const from = ['-r', join(examples, 'requirements.txt')];
      const pip = await runCommand('python3', ['-m', 'pip', 'install', ...options, ...from]);
      if (pip.code !== 0) throw new Error(pip.output.trim().split('\n').at(-1));
      await chmod(temporary, 0o755);
    });
    return { packages };
  } catch (error) {
    return { missing: `The Python SDK can't be installed here: ${String(error)}` };
  }
}

/** The example's worker as a process of its own, once it takes work; `kill` ends it without a word. */
export async function startPythonWorker(
  packages: string,
  taskQueue: string,
): Promise<{ readonly stop: () => Promise<void>; readonly kill: () => void }> {
  const { address, namespace } = inject('weft').temporal;
  const worker = spawn('python3', [join(examples, 'executors.py')], {
    env: {
      ...process.env,
      PYTHONPATH: packages,
      TEMPORAL_ADDRESS: address,
      TEMPORAL_NAMESPACE: namespace,
      PYTHON_TASK_QUEUE: taskQueue,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(worker, 'exit');
  process.once('exit', () => worker.kill('SIGKILL'));
  let said = '';
  worker.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  await Promise.race([
    once(worker.stdout, 'data'),
    exited.then(() => {
      throw new Error(`The Python worker ended: ${said}`);
    }),
  ]);
  return {
    stop: async () => {
      worker.kill('SIGTERM');
      await exited;
    },
    kill: () => worker.kill('SIGKILL'),
  };
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
