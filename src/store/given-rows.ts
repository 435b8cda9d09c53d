import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';

/**
 * Rows that a statement is given, as a table `x`.
 *
 * PostgreSQL takes this for ten rows, however many there are: it looks each up, by a plan that it makes once.
 * `json_to_recordset` it takes for a hundred, for which it reads a table of some thousand rows whole; and where it can
 * count them (a parameter in `unnest`), it plans anew for each few.
 * @param columns with their SQL types, named as in the rows: `tenant text, id text`
 */
export function givenRows(rows: readonly object[], columns: string): RawBuilder<unknown> {
  return sql`(unnest(array(select json_array_elements(${JSON.stringify(rows)}::json))) as given(row)
    cross join lateral json_to_record(given.row) as x(${sql.raw(columns)}))`;
}
