import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PlantedBug } from './planted-bug.ts';

const PROJECT = join(import.meta.dirname, '../..');
const COPIED = [
  ...['src', 'workflows', 'activities', 'migrations', 'examples', 'test', 'docs', '.build'],
  ...['package.json', 'tsconfig.json', 'vitest.config.ts'],
];
/** What the workflow bundle is made of. */
const BUNDLED = /^(?:workflows\/|src\/(?:plan|expression)\/|src\/(?:contract|messages|ids|shorten|byte-length)\.ts)/;

/** The project in a temporary directory, where code may be broken. */
export type ProjectCopy = {
  readonly directory: string;
  /** Breaks the code, works, and mends it. @throws Error when there is no one place to break */
  readonly withBug: <T>(bug: Pick<PlantedBug, 'file' | 'find' | 'replace'>, work: () => Promise<T>) => Promise<T>;
  readonly remove: () => Promise<void>;
};

export async function copyProject(): Promise<ProjectCopy> {
  const directory = await mkdtemp(join(tmpdir(), 'weft-planted-'));
  // PostgreSQL may run as another user.
  await chmod(directory, 0o755);
  for (const name of COPIED) await cp(join(PROJECT, name), join(directory, name), { recursive: true });
  await symlink(join(PROJECT, 'node_modules'), join(directory, 'node_modules'));
  return {
    directory,
    withBug: async ({ file, find, replace }, work) => {
      const path = join(directory, file);
      const whole = await readFile(path, 'utf8');
      if (whole.split(find).length !== 2) throw new Error(`${file} holds not once: ${find}`);
      try {
        await writeFile(
          path,
          whole.replace(find, () => replace),
        );
        if (BUNDLED.test(file)) await build(directory);
        return await work();
      } finally {
        await writeFile(path, whole);
        if (BUNDLED.test(file)) await cp(join(PROJECT, '.build'), join(directory, '.build'), { recursive: true });
      }
    },
    remove: () => rm(directory, { recursive: true, force: true }),
  };
}

async function build(directory: string): Promise<void> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/build.ts'], {
    cwd: directory,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error('the broken code does not build');
}
