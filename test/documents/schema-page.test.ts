import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createTestDatabase } from '../stack/database.ts';
import { schemaPage } from './schema-page.ts';

/** `-u` writes the page anew. */
it('docs/schema.md is what the database says', async () => {
  const database = await createTestDatabase();
  try {
    const page = await schemaPage(database.superuserUrl);
    await expect(page).toMatchFileSnapshot(join(import.meta.dirname, '../../docs/schema.md'));
  } finally {
    await database.drop();
  }
});
