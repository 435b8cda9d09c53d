import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { format, resolveConfig } from 'prettier';
import { expect, it } from 'vitest';
import { createTestDatabase } from '../stack/database.ts';

const FILE = join(import.meta.dirname, '../../src/store/tables.generated.ts');
const CODEGEN = join(dirname(createRequire(import.meta.url).resolve('kysely-codegen')), 'cli/bin.js');

/** `npm run codegen` is this test with `-u`: it writes the file anew. */
it('the types of the tables are those of the migrations', async () => {
  const database = await createTestDatabase();
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [
      CODEGEN,
      ...['--dialect', 'postgres', '--url', database.superuserUrl],
      ...['--default-schema', 'weft', '--include-pattern', 'weft.*'],
      ...['--numeric-parser', 'number', '--type-mapping', '{"int8":"number"}'],
      ...['--log-level', 'silent', '--print'],
    ]);
    const text = await format(stdout, { ...(await resolveConfig(FILE)), filepath: FILE });
    await expect(text).toMatchFileSnapshot(FILE);
  } finally {
    await database.drop();
  }
});
