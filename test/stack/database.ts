import { inject } from 'vitest';
import type { TestDatabase } from './database-on.ts';
import { createDatabaseOn, createEmptyDatabaseOn } from './database-on.ts';

export type { TestDatabase } from './database-on.ts';

/** A database of its own with every migration applied, on the server of the test run. */
export function createTestDatabase(): Promise<TestDatabase> {
  return createDatabaseOn(inject('weft').postgres.superuserUrl);
}

/** A database with nothing in it, for tests of the migrations themselves. */
export function createEmptyDatabase(): Promise<Omit<TestDatabase, 'url'>> {
  return createEmptyDatabaseOn(inject('weft').postgres.superuserUrl);
}
