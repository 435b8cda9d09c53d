import { ask } from '../migrations/catalog.ts';
import { outside, splitList } from './split-sql.ts';

/** Column of a view → where it comes from: `workflows.name`, or the expression. */
export type ViewColumns = { readonly [column: string]: string };

/** Every view of a schema with its columns in their order, read out of its definition. */
export async function viewColumns(url: string, schema: string): Promise<{ readonly [view: string]: ViewColumns }> {
  const rows = await ask<{ name: string; definition: string; columns: string[] }>(
    url,
    `select c.relname as name, pg_get_viewdef(c.oid, true) as definition,
       array(select a.attname::text from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 order by a.attnum) as columns
     from pg_class c where c.relkind in ('v', 'm') and c.relnamespace = $1::regnamespace order by 1`,
    [schema],
  );
  return Object.fromEntries(rows.map(({ name, definition, columns }) => [name, sources(definition, columns)]));
}

function sources(definition: string, columns: readonly string[]): ViewColumns {
  const text = definition.replaceAll(/\s+/g, ' ').trim();
  // A view over live and archived rows says the same twice: its first part tells.
  const start = text.search(/\bSELECT /) + 'SELECT '.length;
  const from = topLevel(text, ' FROM ', start);
  const aliases = new Map<string, string>();
  for (const [, table, alias] of text
    .slice(from)
    .matchAll(/\bweft\.(\w+)(?: (?!ON |WHERE |JOIN |LEFT |UNION )(\w+))?/g))
    if (!aliases.has(alias ?? table!)) aliases.set(alias ?? table!, table!);
  const items = splitList(text.slice(start, from));
  // PostgreSQL leaves the table out where there is only one.
  const only = aliases.size === 1 ? [...aliases.values()][0] : undefined;
  const named = (expression: string) =>
    only !== undefined && /^"?\w+"?$/.test(expression)
      ? `${only}.${expression}`
      : expression.replaceAll(/\b(\w+)\.(?=\w)/g, (whole, alias: string) => {
          const table = aliases.get(alias);
          return table === undefined ? whole : `${table}.`;
        });
  return Object.fromEntries(
    columns.map((column, i) => [column, named((items[i] ?? '').replace(/ AS (\w+|"[^"]+")$/, ''))]),
  );
}

/** Where `word` stands outside of parentheses and strings, or the end. */
function topLevel(text: string, word: string, start: number): number {
  for (const { at, depth } of outside(text)) if (at >= start && depth === 0 && text.startsWith(word, at)) return at;
  return text.length;
}
