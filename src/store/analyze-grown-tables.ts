import { sql } from 'kysely';
import type { Session } from './database.ts';

/** Lets PostgreSQL know how large its tables have become: in a new database it reads all of a tenant's for each lookup. */
export async function analyzeGrownTables(session: Session): Promise<void> {
  await sql`select weft.analyze_grown_tables()`.execute(session);
}
