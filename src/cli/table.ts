import { oneLine } from './one-line.ts';
import type { Terminal } from './terminal.ts';

export type Column<Row> = {
  readonly title: string;
  readonly value: (row: Row) => string;
  /** Applied after the width is known. */
  readonly paint?: (text: string, row: Row) => string;
};

/** Prints rows under a line of titles, each column as wide as its widest value; in a terminal lines are cut to its width. */
export function printTable<Row>(rows: readonly Row[], columns: readonly Column<Row>[], terminal: Terminal): void {
  const cells = rows.map((row) => columns.map((column) => oneLine(column.value(row))));
  const widths = columns.map((column, i) =>
    Math.max(column.title.length, ...cells.map((line) => line[i]?.length ?? 0)),
  );
  const room = terminal.stdout.isTTY === true ? (terminal.stdout.columns ?? 80) : Infinity;
  const pad = (text: string, i: number) => (i === columns.length - 1 ? text : text.padEnd(widths[i] ?? 0));
  let left = room;
  const shown = columns.map((_, i) => {
    const width = Math.max(0, Math.min(widths[i] ?? 0, left));
    left -= width + 2;
    return width;
  });
  const cut = (text: string, i: number) => pad(text, i).slice(0, shown[i]);
  terminal.print(
    terminal.colors.bold(
      columns
        .map((column, i) => cut(column.title, i))
        .join('  ')
        .trimEnd(),
    ),
  );
  rows.forEach((row, r) => {
    const line = columns.map((column, i) => {
      const text = cut(cells[r]?.[i] ?? '', i);
      return column.paint === undefined ? text : column.paint(text, row);
    });
    terminal.print(line.join('  ').trimEnd());
  });
}
