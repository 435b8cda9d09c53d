import { printTable } from './table.ts';
import type { Column } from './table.ts';
import type { Terminal } from './terminal.ts';

export const OUTPUTS = ['table', 'json', 'jsonl'] as const;
export type Output = (typeof OUTPUTS)[number];

/** Prints a list as a table, as one JSON array or as a JSON document a line. */
export function printList<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  options: { readonly output: Output; readonly terminal: Terminal; readonly empty: string },
): void {
  const { output, terminal } = options;
  if (output === 'json') terminal.print(JSON.stringify(rows, null, 2));
  else if (output === 'jsonl') for (const row of rows) terminal.print(JSON.stringify(row));
  else if (rows.length === 0) terminal.say(options.empty);
  else printTable(rows, columns, terminal);
}

/** Prints one thing: its fields below each other, or as JSON. Fields that are undefined are left out. */
export function printOne(
  value: object,
  fields: { readonly [label: string]: string | undefined },
  options: { readonly output: Output; readonly terminal: Terminal },
): void {
  const { output, terminal } = options;
  if (output !== 'table') {
    terminal.print(JSON.stringify(value, null, output === 'json' ? 2 : 0));
    return;
  }
  const shown = Object.entries(fields).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const width = Math.max(...shown.map(([label]) => label.length));
  for (const [label, text] of shown) terminal.print(`${terminal.colors.dim(label.padEnd(width))}  ${text}`);
}
