import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';

/** Longer than a try may last. */
const LEFT = sql`interval '2 seconds'`;

/**
 * Whoever accepts an execution, the API or a parent's worker, tries to start it at once. For so long nobody else starts
 * it, and nobody says that it has not started.
 */
export function isLeftToAcceptor(table: string): RawBuilder<boolean> {
  const column = (name: string) => sql.ref(`${table}.${name}`);
  return sql<boolean>`(${column('trigger')} in ('api', 'parent') and ${column('start_after')} is null
    and ${column('created_at')} > clock_timestamp() - ${LEFT})`;
}
