import { columnsOf } from '../migrations/catalog.ts';
import type { DocumentedSchema, DocumentedTable } from './documented-names.ts';
import exceptions from './exceptions.json' with { type: 'json' };
import { table } from './markdown-table.ts';
import statements from './statements.json' with { type: 'json' };
import { viewColumns } from './view-columns.ts';

/** An expression longer than this says less than the word. */
const LONGEST = 60;

/** Every documented name with what it is in the core. */
export async function documentsSection(url: string, schemas: readonly DocumentedSchema[]): Promise<string> {
  const parts: string[] = [];
  for (const { schema, document, tables, views: named } of schemas) {
    const views = await viewColumns(url, schema);
    const types = await columnsOf(url, schema);
    parts.push(`### ${schema} (document ${document})\n`);
    const relations: readonly Pick<DocumentedTable, 'name' | 'columns'>[] = [
      ...tables,
      ...named.map((name) => ({ name, columns: {} })),
    ];
    for (const { name, columns: documented } of relations) {
      const typeOf = new Map((types[name] ?? []).map((column) => column.split(/ (.*)/) as [string, string]));
      const rows = Object.entries(views[name] ?? {}).map(([column, source]) => [
        `\`${column}\``,
        (documented[column] ?? '').replace(/ not null$/, ''),
        typeOf.get(column) ?? '',
        show(source),
      ]);
      parts.push(`#### ${schema}.${name}\n\n${table(['column', 'documented', 'here', 'in the core'], rows)}`);
    }
  }
  return `## The documents' names\n\n${parts.join('\n')}`;
}

/** Two words for one type. */
const SAME = new Set(['INT integer', 'BIGSERIAL bigint']);

/** How often a documented type is which type here. */
export async function typesSection(url: string, schemas: readonly DocumentedSchema[]): Promise<string> {
  const counted = new Map<string, string[]>();
  for (const { schema, tables, enums } of schemas) {
    const types = await columnsOf(url, schema);
    for (const { name, columns } of tables)
      for (const [column, documented] of Object.entries(columns)) {
        const type = documented.replace(/ not null$/, '').replace(/\(\d+\)$/, '(n)');
        const here = types[name]?.find((each) => each.startsWith(`${column} `))?.slice(column.length + 1);
        if (here === undefined || type === '' || type.toLowerCase() === here || SAME.has(`${type} ${here}`)) continue;
        const key = `${type in enums ? 'an enum' : type}\n${here}`;
        counted.set(key, [...(counted.get(key) ?? []), `${schema}.${name}.${column}`]);
      }
  }
  const rows = [...counted]
    .sort()
    .map(([key, columns]) => [
      ...key.split('\n'),
      columns.length > 6 ? `${columns.length} columns` : columns.map((column) => `\`${column}\``).join(', '),
    ]);
  return `## Types that are others here\n\n${table(['documented', 'here', 'where'], rows)}`;
}

/** What a document names and is answered by something else, and its statements that read otherwise here. */
export function answersSection(): string {
  const answered = Object.entries(exceptions).map(([name, reason]) => [`\`${name}\``, reason]);
  const rewritten = statements.statements
    .filter(({ form }) => form !== 'as is')
    .map(({ document, text, reason, ...rest }) => {
      const { here } = rest as { readonly here?: string };
      return [document, `\`${text}\``, here === undefined ? '' : `\`${here}\``, reason ?? ''];
    });
  return [
    "## What is answered otherwise\n\nNames of the documents that don't exist under that name, with what does their work.\n",
    table(['name', 'why'], answered),
    '## Statements that read otherwise here\n\nEvery other example statement of the documents runs as it stands.\n',
    table(['document', 'statement', 'here', 'why'], rewritten),
  ].join('\n');
}

function show(source: string): string {
  return source.length <= LONGEST ? `\`${source}\`` : 'derived';
}
