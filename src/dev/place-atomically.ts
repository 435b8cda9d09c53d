import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/**
 * Fills a directory beside its final place and moves it there in one step, so that nobody ever sees it half filled.
 * When another process was faster, its directory stays and ours is dropped.
 */
export async function placeAtomically(directory: string, fill: (temporary: string) => Promise<void>): Promise<void> {
  await mkdir(dirname(directory), { recursive: true });
  const temporary = await mkdtemp(join(dirname(directory), `.${basename(directory)}-`));
  try {
    await fill(temporary);
    await rename(temporary, directory).catch((error: unknown) => {
      if (!(error instanceof Error && 'code' in error && ['ENOTEMPTY', 'EEXIST'].includes(String(error.code))))
        throw error;
    });
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}
