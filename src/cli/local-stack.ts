import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { ReadyFile } from '../dev/ready-file.ts';
import { CliError, EXIT } from './exit-code.ts';

/** Reads the ready file of the data directory, or of the nearest `.weft` upwards from `cwd`; undefined where there is none. */
export function findLocalStack(cwd: string, dataDirectory?: string): ReadyFile | undefined {
  if (dataDirectory !== undefined) return readReadyFile(path.resolve(cwd, dataDirectory, 'ready.json'));
  for (let directory = path.resolve(cwd); ; directory = path.dirname(directory)) {
    const found = readReadyFile(path.join(directory, '.weft', 'ready.json'));
    if (found !== undefined || directory === path.dirname(directory)) return found;
  }
}

function readReadyFile(file: string): ReadyFile | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as ReadyFile;
  } catch (cause) {
    throw new CliError(EXIT.unavailable, `${file} can't be read: ${String(cause)}`, { cause });
  }
}
