/** Names under which connections keep statements that come again; undefined for one that may not. */
export type StatementNames = (text: string) => string | undefined;

/** So often a text comes before it is kept: what is put together anew each time never is. */
const COMES = 3;
/** Each connection keeps as many, some 100 kB of its server process each. */
const MOST = 200;
/** Texts that are counted at a time. */
const COUNTED = 2_000;

/**
 * Planning is about half of what PostgreSQL does for a statement: one that has a name is planned once per connection. The
 * same for all connections of a process.
 */
export function createStatementNames(): StatementNames {
  const names = new Map<string, string>();
  const counts = new Map<string, number>();
  return (text) => {
    const name = names.get(text);
    if (name !== undefined || names.size >= MOST) return name;
    const count = (counts.get(text) ?? 0) + 1;
    if (count < COMES) {
      if (counts.size >= COUNTED) counts.clear();
      counts.set(text, count);
      return undefined;
    }
    counts.delete(text);
    const given = `weft_${names.size + 1}`;
    names.set(text, given);
    return given;
  };
}
