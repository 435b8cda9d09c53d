import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import byHand from './by-hand.json' with { type: 'json' };
import type { DocumentedSchema, DocumentedTable } from './documented-names.ts';
import { parseStatement } from './parse-statement.ts';
import { splitStatements } from './split-sql.ts';

/** Beside the checkout; not part of it. */
const DIRECTORY = join(import.meta.dirname, '../../../shared/documents');
const SCHEMAS: { readonly [document: string]: string } = { '000': 'engine', '003': 'ipa', '004': 'gaia' };

type Block = { readonly language: string; readonly section: string; readonly text: string };
export type Statement = { readonly document: string; readonly section: string; readonly text: string };
export type Draft = {
  -readonly [key in keyof DocumentedSchema]: DocumentedSchema[key] extends readonly (infer T)[]
    ? T[]
    : DocumentedSchema[key];
} & {
  enums: Record<string, readonly string[]>;
};

/** Whether the documents are there to be read. */
export const documentsAreHere = existsSync(DIRECTORY);

/** What the documents name, schema by schema; document 001 has no CREATE TABLE and is in `by-hand.json`. */
export function readNames(): readonly DocumentedSchema[] {
  return Object.keys(documentFiles()).flatMap((document) => {
    const drafts = draftsOf(document);
    for (const { text } of readStatements(document)) name(drafts, text);
    for (const draft of drafts) addByHand(draft);
    return drafts;
  });
}

/** Every statement of a document in its order, each once. */
export function readStatements(document: string): readonly Statement[] {
  return readBlocks(document)
    .filter(({ language }) => language === 'sql')
    .flatMap(({ section, text }) => splitStatements(text).map((statement) => ({ document, section, text: statement })));
}

/** What stands between fences, with the heading above it. */
export function readBlocks(document: string): readonly Block[] {
  const blocks: Block[] = [];
  let section = '';
  let open: { language: string; lines: string[] } | undefined;
  for (const line of readDocument(document).split(/\r?\n/)) {
    const fence = /^```(\w*)/.exec(line);
    if (fence !== null) {
      if (open) blocks.push({ language: open.language, section, text: open.lines.join('\n') });
      open = open ? undefined : { language: fence[1]!, lines: [] };
    } else if (open) open.lines.push(line);
    else section = /^#+\s+(.*)$/.exec(line)?.[1]?.replaceAll('\uFFFD', '').trim() ?? section;
  }
  return blocks;
}

export function readDocument(document: string): string {
  return readFileSync(join(DIRECTORY, documentFiles()[document]!), 'utf8');
}

/** Number of a document → its file. */
export function documentFiles(): { readonly [document: string]: string } {
  const files = readdirSync(DIRECTORY).filter((file) => /^\d{3}_/.test(file));
  return Object.fromEntries(files.sort().map((file) => [file.slice(0, 3), file]));
}

function draftsOf(document: string): readonly Draft[] {
  if (document !== '002') return [draft(document, SCHEMAS[document] ?? 'stratix')];
  const list = readBlocks(document).find(({ language }) => language === 'yaml');
  const { databases } = parse(list!.text) as { databases: { [schema: string]: { tables: string[] } } };
  return Object.entries(databases).map(([schema, { tables }]) => ({
    ...draft(document, schema),
    tables: tables.map((table): DocumentedTable => ({ name: table, from: 'listed', columns: {}, constraints: [] })),
  }));
}

function draft(document: string, schema: string): Draft {
  const lists = { tables: [], indexes: [], views: [], functions: [], procedures: [], triggers: [], policies: [] };
  return { document, schema, ...lists, enums: {}, partitions: [], comments: [] };
}

/** Puts what a statement names into the schema that has its table. */
function name(drafts: readonly Draft[], text: string): void {
  const named = parseStatement(text);
  if (named === undefined) return;
  const has = (table: string) => drafts.find(({ tables }) => tables.some((each) => each.name === table));
  switch (named.kind) {
    case 'table': {
      const { table, comments } = named;
      // A table that no list of the document has belongs to the last of its schemas, where it is defined.
      const draft = has(table.name) ?? (table.name === 'execution_logs' ? drafts[0]! : drafts.at(-1)!);
      const at = draft.tables.findIndex((each) => each.name === table.name);
      if (at < 0) draft.tables.push(table);
      // Said twice (once as a partitioned table): the first counts.
      else if (draft.tables[at]!.from === 'listed') draft.tables[at] = table;
      draft.comments.push(...comments.map((column) => `${table.name}.${column}`));
      return;
    }
    case 'constraint': {
      const { tables } = has(named.table)!;
      const at = tables.findIndex((each) => each.name === named.table);
      tables[at] = { ...tables[at]!, constraints: [...tables[at]!.constraints, named.constraint] };
      return;
    }
    case 'enum':
      drafts[0]!.enums[named.name] = named.labels;
      return;
    case 'index': {
      const { indexes } = has(named.index.table) ?? drafts[0]!;
      if (!indexes.some((each) => each.name === named.index.name)) indexes.push(named.index);
      return;
    }
    case 'view':
      drafts[0]!.views.push(named.name);
      return;
    case 'function':
      drafts[0]!.functions.push(named.name);
      return;
    case 'partition':
    case 'trigger':
    case 'policy': {
      const draft = has(named.table) ?? drafts[0]!;
      const list = { partition: draft.partitions, trigger: draft.triggers, policy: draft.policies }[named.kind];
      list.push({ name: named.name, table: named.table });
      return;
    }
    case 'comment':
      (has(named.on.split('.')[0]!) ?? drafts[0]!).comments.push(named.on);
  }
}

function addByHand(draft: Draft): void {
  const added = byHand.find(({ schema }) => schema === draft.schema);
  if (added === undefined) return;
  draft.views.push(...added.views);
  draft.procedures.push(...added.procedures);
  for (const { name: table, named, derived } of added.tables)
    draft.tables.push({ name: table, from: 'prose', columns: { ...named, ...derived }, constraints: [] });
  draft.indexes.push(...added.indexes.map((index) => ({ ...index, method: 'btree' })));
}
