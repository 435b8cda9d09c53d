import { homedir } from 'node:os';
import { join } from 'node:path';
import { readLocalSettings } from '../config.ts';

/** Where downloaded binaries are kept, per user and shared by every checkout. */
export function cacheDirectory(cacheHome: string | undefined = readLocalSettings().cacheHome): string {
  const home = process.platform === 'darwin' ? join(homedir(), 'Library', 'Caches') : join(homedir(), '.cache');
  return join(cacheHome ?? home, 'weft');
}
