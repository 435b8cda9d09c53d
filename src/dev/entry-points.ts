/** Where our own programs lie, in the sources (run by tsx) or in `dist` (run as they are). */
import { existsSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';

const EXTENSION = extname(import.meta.filename);

/** True when the sources themselves run, so that what is built from them may be stale. */
export const RUNS_FROM_SOURCE = EXTENSION === '.ts';

/** The arguments for Node to run `src/<name>`. */
export function entryPoint(name: string): readonly string[] {
  const file = join(import.meta.dirname, '..', `${name}${EXTENSION}`);
  return RUNS_FROM_SOURCE ? ['--import', import.meta.resolve('tsx'), file] : [file];
}

/** The directory of the package, which holds `examples/`. */
export function projectDirectory(): string {
  for (let directory = import.meta.dirname; ; directory = dirname(directory)) {
    if (existsSync(join(directory, 'package.json')) || directory === dirname(directory)) return directory;
  }
}
