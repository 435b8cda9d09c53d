/** Rows of one query as a Markdown table; what is another at each run (a time, a duration) is left out. */
export function markdownTable(rows: readonly { readonly [column: string]: unknown }[]): string {
  const columns = Object.keys(rows[0] ?? {});
  return table(
    columns,
    rows.map((row) => columns.map((column) => show(column, row[column]))),
  );
}

/** @param rows cells of text, as many in each as there are columns */
export function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`;
  return line(columns) + line(columns.map(() => '---')) + rows.map(line).join('');
}

function show(column: string, value: unknown): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Date || /_ms$|duration$/.test(column)) return '…';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
