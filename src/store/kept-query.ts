import { CompiledQuery } from 'kysely';
import type { Session } from './database.ts';

type Compilable<Row> = { readonly compile: () => CompiledQuery<Row> };

/**
 * A query that is put together once and then only filled in: Kysely takes a millisecond for a large one, as long as
 * PostgreSQL takes to answer it.
 * @param build may not look at its parameters, only hand them on
 */
export function keepQuery<Parameters extends readonly unknown[], Row>(
  build: (session: Session, ...parameters: Parameters) => Compilable<Row>,
): (session: Session, ...parameters: Parameters) => Promise<readonly Row[]> {
  let kept: { readonly sql: string; readonly values: readonly unknown[] } | undefined;
  return async (session, ...parameters) => {
    const markers = parameters.map((_, index) => `\u0001parameter ${index}`);
    if (!kept) {
      const { sql, parameters: values } = build(session, ...(markers as unknown as Parameters)).compile();
      kept = { sql, values };
    }
    const values = kept.values.map((value) => {
      const index = markers.indexOf(String(value));
      return index < 0 ? value : parameters[index];
    });
    return (await session.executeQuery<Row>(CompiledQuery.raw(kept.sql, values))).rows;
  };
}
