import { sql } from 'kysely';

/**
 * A row shows when the commit that wrote it began, so one may become visible after one that began later: whoever asks
 * for what is new is told again of so much before it.
 */
export const OVERLAP = sql`interval '10 seconds'`;
