import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * The workflow bundle, made once by the build: in the sources and in `dist` alike a directory further up.
 * @throws Error when it isn't built
 */
export function findBundle(): string {
  for (let directory = import.meta.dirname; directory !== dirname(directory); directory = dirname(directory)) {
    const file = join(directory, '.build', 'workflows.js');
    if (existsSync(file)) return file;
  }
  throw new Error("The workflow bundle is missing: run 'npm run build:parts'");
}
