import { join } from 'node:path';
import { cacheDirectory } from '../../src/dev/cache-directory.ts';
import { placeAtomically } from '../../src/dev/place-atomically.ts';
import { runCommand } from '../../src/dev/run-command.ts';
import { isExecutable } from '../../src/dev/temporal-binaries.ts';

/** The one that the dev server is made of; later ones want a newer Go. */
const VERSION = 'v1.32.0';

export type TemporalBinaries = {
  readonly server: string;
  /** Makes the server's tables. */
  readonly sqlTool: string;
};

/**
 * Temporal's own server, which is to be had as Go's source alone: built once into the user's cache.
 * @throws Error with what Go says when it can't be built
 */
export async function ensureTemporalServer(say: (line: string) => void): Promise<TemporalBinaries> {
  const directory = join(cacheDirectory(), `temporal-server-${VERSION}`);
  const binaries = { server: join(directory, 'server'), sqlTool: join(directory, 'sql') };
  if ((await isExecutable(binaries.server)) && (await isExecutable(binaries.sqlTool))) return binaries;
  say(`Building Temporal's server ${VERSION} with Go (some 8 minutes on two cores, once)…`);
  await placeAtomically(directory, async (temporary) => {
    for (const command of ['server', 'tools/sql']) {
      const { code, output } = await runCommand('go', ['install', `go.temporal.io/server/cmd/${command}@${VERSION}`], {
        env: { ...process.env, GOBIN: temporary },
      });
      if (code !== 0) throw new Error(`Temporal's ${command} can't be built (Go has to be there):\n${output}`);
    }
  });
  return binaries;
}
