import { ask } from '../migrations/catalog.ts';
import { table } from './markdown-table.ts';

type Column = {
  readonly table: string;
  readonly table_comment: string | null;
  readonly column: string;
  readonly type: string;
  readonly nullable: boolean;
  readonly comment: string | null;
  readonly primary: boolean;
};
type ForeignKey = {
  readonly table: string;
  readonly target: string;
  readonly columns: readonly string[];
  readonly required: boolean;
};

/** The core's picture and its tables, column by column. */
export async function coreSection(url: string): Promise<string> {
  const [columns, keys] = await Promise.all([readColumns(url), readForeignKeys(url)]);
  const tables = [...new Set(columns.map((column) => column.table))];
  return [
    '## The core\n',
    'Key columns only; `tenant_id` comes first in every key and is left out.\n',
    '```mermaid\nerDiagram',
    ...tables.flatMap((name) => entity(name, columns, keys)),
    ...relations(keys),
    '```\n',
    ...tables.map((name) => describeTable(columns.filter((column) => column.table === name))),
  ].join('\n');
}

function entity(name: string, columns: readonly Column[], keys: readonly ForeignKey[]): readonly string[] {
  const foreign = new Set(keys.filter((key) => key.table === name).flatMap((key) => key.columns));
  const shown = columns.filter(
    (column) =>
      column.table === name && column.column !== 'tenant_id' && (column.primary || foreign.has(column.column)),
  );
  const line = ({ column, type, primary }: Column) => {
    const marks = [...(primary ? ['PK'] : []), ...(foreign.has(column) ? ['FK'] : [])];
    return `    ${type.replaceAll(/\W+/g, '_')} ${column} ${marks.join(', ')}`;
  };
  return [`  ${name} {`, ...shown.map(line), '  }'];
}

function relations(keys: readonly ForeignKey[]): readonly string[] {
  const of = ({ table: from, target, columns, required }: ForeignKey) =>
    `  ${target} ${required ? '||' : '|o'}--o{ ${from} : "${columns.join(', ')}"`;
  return [...new Set(keys.map(of))].sort();
}

function describeTable(columns: readonly Column[]): string {
  const [first] = columns;
  const rows = columns.map(({ column, type, nullable, comment, primary }) => [
    `\`${column}\``,
    `${type}${nullable ? '?' : ''}`,
    [...(primary ? ['key'] : []), ...(comment === null ? [] : [comment])].join('; '),
  ]);
  const comment = first!.table_comment;
  return `### ${first!.table}\n\n${comment === null ? '' : `${comment}\n\n`}${table(['column', 'type', ''], rows)}`;
}

function readColumns(url: string): Promise<Column[]> {
  return ask<Column>(
    url,
    `select c.relname as table, obj_description(c.oid, 'pg_class') as table_comment, a.attname as column,
       replace(format_type(a.atttypid, a.atttypmod), 'timestamp with time zone', 'timestamptz') as type,
       not a.attnotnull as nullable, col_description(c.oid, a.attnum) as comment,
       exists (select from pg_index i where i.indrelid = c.oid and i.indisprimary and a.attnum = any(i.indkey)) as primary
     from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
     where c.relnamespace = 'weft'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
     order by c.relname, a.attnum`,
  );
}

function readForeignKeys(url: string): Promise<ForeignKey[]> {
  return ask<ForeignKey>(
    url,
    `select c.relname as table, t.relname as target, array(
         select a.attname::text from unnest(k.conkey) with ordinality u (attnum, position)
         join pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.attnum
         where a.attname <> 'tenant_id' order by position) as columns,
       not exists (select from pg_attribute a where a.attrelid = k.conrelid and a.attnum = any(k.conkey) and not a.attnotnull) as required
     from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_class t on t.oid = k.confrelid
     where k.contype = 'f' and k.connamespace = 'weft'::regnamespace and k.conparentid = 0
     order by c.relname, k.conname`,
  );
}
