import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from '../src/dev/run-command.ts';

/** The package of the engines that Weft is held against, which is none of Weft's own. */
export const PEERS_DIRECTORY = join(import.meta.dirname, 'peers');

/** Installs what their lock file names, unless that is there. @throws Error with what npm says when it can't */
export async function installPeers(say: (line: string) => void): Promise<void> {
  const wanted = await changedAt('package-lock.json');
  // npm writes it when all is there.
  const installed = await changedAt('node_modules', '.package-lock.json');
  if (installed > wanted) return;
  say('Installing the peers…');
  const { code, output } = await runCommand('npm', ['ci', '--prefix', PEERS_DIRECTORY]);
  if (code !== 0) throw new Error(`npm ci --prefix ${PEERS_DIRECTORY}:\n${output}`);
}

/** When a file of theirs was last written, ms; 0 where there is none. */
async function changedAt(...path: readonly string[]): Promise<number> {
  return await stat(join(PEERS_DIRECTORY, ...path)).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
}
