import type { DocumentedConstraint, DocumentedTable } from './documented-names.ts';
import { parenthesized, splitList } from './split-sql.ts';

/** A column's type ends where one of these begins. */
const AFTER_TYPE =
  /\s+(?:NOT NULL|NULL|PRIMARY KEY|UNIQUE|DEFAULT|REFERENCES|CHECK|COMMENT|AUTOINCREMENT|ON UPDATE|CONSTRAINT)\b/;
const NAMED = /^CONSTRAINT\s+(\w+)\s+/;

/** @param body what stands in the parentheses of a CREATE TABLE */
export function parseTable(name: string, body: string): DocumentedTable {
  const columns: Record<string, string> = {};
  const constraints: DocumentedConstraint[] = [];
  const definitions: string[] = [];
  for (const part of splitList(body))
    if (/^(CONSTRAINT|PRIMARY KEY|UNIQUE|FOREIGN KEY|CHECK)\b/.test(part)) definitions.push(part);
    else {
      const [column, rest] = nameAndRest(part);
      const isKey = /\bPRIMARY KEY\b/.test(rest);
      columns[column] = `${rest.split(AFTER_TYPE)[0]}${isKey || /\bNOT NULL\b/.test(rest) ? ' not null' : ''}`;
      if (isKey) constraints.push({ kind: 'primary key', columns: [column] });
      if (/\bUNIQUE\b/.test(rest)) constraints.push({ kind: 'unique', columns: [column] });
      const references = /\bREFERENCES\s+(\w+)/.exec(rest)?.[1];
      if (references !== undefined) constraints.push({ kind: 'foreign key', columns: [column], references });
    }
  for (const definition of definitions) constraints.push(parseConstraint(definition, Object.keys(columns)));
  return { name, from: 'create table', columns, constraints };
}

/** The columns that have a MySQL `COMMENT` of their own. */
export function commentedColumns(body: string): readonly string[] {
  return splitList(body)
    .filter((part) => /\bCOMMENT\s+'/.test(part))
    .map((part) => nameAndRest(part)[0]);
}

/** @param columns all of the table, of which a CHECK speaks of some */
export function parseConstraint(text: string, columns: readonly string[]): DocumentedConstraint {
  const name = NAMED.exec(text)?.[1];
  const rest = text.replace(NAMED, '');
  const kind = (['primary key', 'unique', 'foreign key', 'check'] as const).find((word) =>
    rest.toLowerCase().startsWith(word),
  );
  if (kind === undefined) throw new Error(`not a constraint: ${text}`);
  const { inside } = parenthesized(rest);
  const references = /\bREFERENCES\s+(\w+)/.exec(rest)?.[1];
  return {
    kind,
    ...(name === undefined ? {} : { name }),
    columns:
      kind === 'check' ? columns.filter((column) => new RegExp(`\\b${column}\\b`).test(inside)) : splitList(inside),
    ...(references === undefined ? {} : { references }),
  };
}

function nameAndRest(part: string): readonly [string, string] {
  const match = /^(\w+)\s+(.*)$/s.exec(part);
  if (match === null) throw new Error(`not a column: ${part}`);
  return [match[1]!, match[2]!];
}
