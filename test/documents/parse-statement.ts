import type { DocumentedConstraint, DocumentedIndex, DocumentedTable } from './documented-names.ts';
import { commentedColumns, parseConstraint, parseTable } from './parse-table.ts';
import { parenthesized, splitList } from './split-sql.ts';

/** What one statement names; `undefined` when it names nothing new and is an example to run. */
export type Named =
  | { readonly kind: 'table'; readonly table: DocumentedTable; readonly comments: readonly string[] }
  | { readonly kind: 'constraint'; readonly table: string; readonly constraint: DocumentedConstraint }
  | { readonly kind: 'enum'; readonly name: string; readonly labels: readonly string[] }
  | { readonly kind: 'index'; readonly index: DocumentedIndex }
  | { readonly kind: 'view' | 'function'; readonly name: string }
  | { readonly kind: 'partition' | 'trigger' | 'policy'; readonly name: string; readonly table: string }
  | { readonly kind: 'comment'; readonly on: string };

const FORMS: readonly (readonly [RegExp, (match: RegExpExecArray, text: string) => Named])[] = [
  [/^CREATE TABLE (\w+) PARTITION OF (\w+)/, ([, name, table]) => ({ kind: 'partition', name: name!, table: table! })],
  [
    /^CREATE TABLE (?:IF NOT EXISTS )?(\w+) \(/,
    ([, name], text) => {
      const { inside } = parenthesized(text);
      return { kind: 'table', table: parseTable(name!, inside), comments: commentedColumns(inside) };
    },
  ],
  [
    /^ALTER TABLE (\w+) ADD (CONSTRAINT .*)$/,
    ([, table, text]) => ({ kind: 'constraint', table: table!, constraint: parseConstraint(text!, []) }),
  ],
  [
    /^CREATE TYPE (\w+) AS ENUM/,
    ([, name], text) => ({ kind: 'enum', name: name!, labels: splitList(parenthesized(text).inside).map(unquote) }),
  ],
  [/^CREATE (UNIQUE )?INDEX /, (_, text) => ({ kind: 'index', index: parseIndex(text) })],
  [/^CREATE (?:MATERIALIZED )?VIEW (\w+)/, ([, name]) => ({ kind: 'view', name: name! })],
  [/^CREATE (?:OR REPLACE )?FUNCTION (\w+)/, ([, name]) => ({ kind: 'function', name: name! })],
  [
    /^CREATE (TRIGGER|POLICY) (\w+).*? ON (\w+)/,
    ([, what, name, table]) => ({ kind: what === 'TRIGGER' ? 'trigger' : 'policy', name: name!, table: table! }),
  ],
  [/^COMMENT ON (?:TABLE|COLUMN) ([\w.]+)/, ([, on]) => ({ kind: 'comment', on: on! })],
];

export function parseStatement(text: string): Named | undefined {
  for (const [form, read] of FORMS) {
    const match = form.exec(text);
    if (match !== null) return read(match, text);
  }
  return undefined;
}

function parseIndex(text: string): DocumentedIndex {
  const match = /^CREATE (UNIQUE )?INDEX (?:(\w+) )?ON (\w+)\s*(?:USING (\w+)\s*)?\(/.exec(text);
  if (match === null) throw new Error(`not an index: ${text}`);
  const [, unique, name, table = '', method = 'btree'] = match;
  const { inside, after } = parenthesized(text.slice(match[0].length - 1));
  const on = splitList(inside).map((key) => key.replace(/\s+(ASC|DESC|NULLS (FIRST|LAST)|vector_cosine_ops)\b/g, ''));
  const include = /\bINCLUDE \(([^)]*)\)/.exec(after)?.[1];
  const where = /\bWHERE (.*)$/.exec(after)?.[1];
  return {
    // What PostgreSQL calls one without a name.
    name: name ?? `${table}_${on.join('_')}_idx`,
    table,
    method: method.toLowerCase(),
    unique: unique !== undefined,
    on,
    ...(include === undefined ? {} : { include: splitList(include) }),
    ...(where === undefined ? {} : { where }),
  };
}

function unquote(text: string): string {
  return text.replaceAll("'", '');
}
