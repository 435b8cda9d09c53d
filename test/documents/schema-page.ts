import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DocumentedSchema } from './documented-names.ts';
import { table } from './markdown-table.ts';
import names from './names.json' with { type: 'json' };
import { coreSection } from './page-core.ts';
import { answersSection, documentsSection, typesSection } from './page-documents.ts';
import { statusSection } from './page-statuses.ts';

const SCHEMAS = names as unknown as readonly DocumentedSchema[];
const TITLES: { readonly [document: string]: string } = {
  '000': 'data-processing workflow engine',
  '001': '@stratix/tasks',
  '002': 'TID platform',
  '003': 'IPA platform',
  '004': 'Gaia workflow backend',
};
const FOREIGN = [
  ['AUTOINCREMENT, AUTO_INCREMENT', '`seq`, an identity column; the id itself is text'],
  ['DATETIME, TIMESTAMP', 'timestamptz'],
  ['TINYINT 0/1 (`is_deleted`, `is_current`)', 'smallint 0/1, made from `deleted_at` and from the current version'],
  ['TEXT that holds JSON', "text made from the core's jsonb, which checks what is written"],
  ['ON UPDATE CURRENT_TIMESTAMP', 'a trigger, or the mirror itself'],
  ["COMMENT '…' in a column", 'COMMENT ON COLUMN'],
  ['TIMESTAMPDIFF(SECOND, a, b)', 'EXTRACT(EPOCH FROM b - a)'],
  ['DATE_SUB(NOW(), INTERVAL 24 HOUR)', "NOW() - INTERVAL '24 hours'"],
  ['PARTITION BY RANGE (YEAR(…) * 100 + MONTH(…))', 'by range of the time, a month each'],
  ['PARTITION BY LIST (status)', 'an index on the open executions, and an archive'],
  ['ENUM columns', 'text with a CHECK; the enum types exist in their schemas'],
];
const LIMITS = [
  '`INSERT … ON CONFLICT (column)` needs an index, which a view has none of: ask first, or insert and catch `unique_violation`.',
  'A foreign key cannot point at a view: point it at the core table, `(tenant_id, id)`.',
  '`id = $1::uuid` compares text with uuid and is refused: send the id as text.',
  'A status other than the documented orders (paused, resumed, cancelled) is refused with a hint.',
];

/** `docs/schema.md`, made from a migrated database. */
export async function schemaPage(url: string): Promise<string> {
  return [
    '# The schema\n',
    'Made from the migrated database by `npx vitest run test/documents/schema-page.test.ts -u`.\n',
    'One core, schema `weft`, holds every fact once. Five database documents describe one kind of system in five vocabularies;',
    'for each there is a schema of views with its own table and column names: `set search_path = ipa`, and its tables are there, live.',
    "TID's six databases are six schemas of one, so that a transaction can hold them together.\n",
    overview(),
    await coreSection(url),
    await documentsSection(url, SCHEMAS),
    await typesSection(url, SCHEMAS),
    `## What was MySQL or SQLite\n\n${table(['document', 'here'], FOREIGN)}`,
    await statusSection(
      url,
      SCHEMAS.map(({ schema }) => schema),
    ),
    answersSection(),
    `## Limits\n\n${LIMITS.map((limit) => `- ${limit}\n`).join('')}`,
    vocabularies(),
  ].join('\n');
}

function overview(): string {
  const rows = SCHEMAS.map(({ document, schema, tables }) => [
    `${document} ${TITLES[document]}`,
    `\`${schema}\``,
    tables.map(({ name }) => name).join(', '),
  ]);
  return table(['document', 'schema', 'tables'], rows);
}

function vocabularies(): string {
  const folder = join(import.meta.dirname, 'one-claim');
  const parts = ['engine', 'stratix', 'workflow_db', 'ipa', 'gaia'].map((schema) => {
    const query = readFileSync(join(folder, `${schema}.sql`), 'utf8');
    return `### ${schema}\n\n\`\`\`sql\n${query}\`\`\`\n\n${readFileSync(join(folder, `${schema}.md`), 'utf8')}`;
  });
  const intro = 'The expense claim of `examples/`, run once; times are left out.\n';
  return `## One execution in five vocabularies\n\n${intro}\n${parts.join('\n')}`;
}
