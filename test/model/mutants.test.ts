import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import type * as Comparing from './compare.ts';
import type { Mutant } from './mutants.ts';
import { MUTANTS } from './mutants.ts';

/** In the project, so that what it imports is found; nothing else reads it. */
const ROOT = join(import.meta.dirname, '../../.build/mutants');
const COPIED = ['src', 'workflows', 'test/workflows', 'test/model'];
const MOST_PROGRAMS = 4_000;

describe('the model finds', () => {
  afterAll(() => rm(ROOT, { recursive: true, force: true }));

  it.each(MUTANTS.map((mutant, index) => [mutant.what, mutant, index] as const))(
    '%s',
    { timeout: 120_000 },
    async (what, mutant, index) => {
      const { compare, programOf } = await breakIt(mutant, join(ROOT, String(index)));
      let programs = 0;
      for (let isFound = false; !isFound; programs++) {
        expect(programs, 'programs').toBeLessThan(MOST_PROGRAMS);
        isFound = ((await compare(programOf(programs)))?.differences.length ?? 0) > 0;
      }
      console.log(`${what}: after ${programs} programs`);
    },
  );
});

/** A copy of the interpreter with the defect, and of what it is held against. */
async function breakIt({ file, from, to }: Mutant, directory: string): Promise<typeof Comparing> {
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true });
  for (const folder of COPIED) {
    const isTest = (path: string): boolean => path.endsWith('.test.ts');
    const source = join(import.meta.dirname, '../..', folder);
    await cp(source, join(directory, folder), { recursive: true, filter: (path) => !isTest(path) });
  }
  const text = await readFile(join(directory, file), 'utf8');
  if (text.split(from).length !== 2) throw new Error(`${file} has not just one '${from}': say it as it is there now`);
  await writeFile(join(directory, file), text.replace(from, to));
  return (await import(pathToFileURL(join(directory, 'test/model/compare.ts')).href)) as typeof Comparing;
}
