import { ascent, BODY, COLUMN_TITLE, HEADING, lineHeight, STRONG_RULE } from './page-design.ts';
import type { PrintedTable } from './printed-table.ts';
import type { Sheet } from './sheet.ts';
import type { SetLine, TextStyle } from './typesetter.ts';

/** Above and below the text of a row. */
const PADDING = 3.5;
const COLUMN_GAP = 14;
/** The wrapping column gets at least this part of the table's width; where numbers are too long for that, they are printed smaller. */
const LEAST_WRAPPING_PART = 0.3;

interface TableLayout {
  table: PrintedTable;
  left: number;
  width: number;
  columns: { left: number; width: number }[];
  /** The cells' style, smaller than the usual where numbers are very long. */
  cell: TextStyle;
  title: TextStyle;
}

interface SetRow {
  /** The wrapping column's lines; the other columns have one each. */
  lines: SetLine[];
  height: number;
}

/** Prints a table, its titles again at the head of every page it reaches. A row is broken only where it is taller than half a page. */
export function printTable(sheet: Sheet, table: PrintedTable, left: number, width: number): void {
  const layout = tableLayout(sheet, table, left, width);
  const rows = table.rows.map((row) => setRow(sheet, layout, row));
  const first = Math.min(rows[0]?.height ?? 0, sheet.pageRoom / 2);
  sheet.keepTogether(headHeight(layout) + first);
  if (table.title !== undefined) sheet.flow([sheet.type.line(table.title)], HEADING, left);
  printTitles(sheet, layout);
  for (const [index, row] of table.rows.entries()) {
    const set = rows[index];
    if (set) printRow(sheet, layout, row, set);
  }
}

/** How tall a table is where nothing breaks it. */
export function tableHeight(sheet: Sheet, table: PrintedTable, width: number): number {
  const layout = tableLayout(sheet, table, 0, width);
  const rows = table.rows.map((row) => setRow(sheet, layout, row).height);
  return headHeight(layout) + rows.reduce((total, height) => total + height, 0);
}

function tableLayout(sheet: Sheet, table: PrintedTable, left: number, width: number): TableLayout {
  const natural = table.columns.map((column, index) =>
    column.wraps ? 0 : naturalWidth(sheet, column.title, index, table),
  );
  const gaps = COLUMN_GAP * (table.columns.length - 1);
  const wanted = natural.reduce((total, columnWidth) => total + columnWidth, 0);
  const scale = Math.min(1, (width * (1 - LEAST_WRAPPING_PART) - gaps) / wanted);
  const wrapping = width - gaps - wanted * scale;
  let next = left;
  const columns = table.columns.map((column, index) => {
    const place = { left: next, width: column.wraps ? wrapping : (natural[index] ?? 0) * scale };
    next += place.width + COLUMN_GAP;
    return place;
  });
  const scaled = (style: TextStyle): TextStyle => ({ ...style, size: style.size * scale });
  return { table, left, width, columns, cell: scaled(BODY), title: scaled(COLUMN_TITLE) };
}

function naturalWidth({ type }: Sheet, title: string, column: number, table: PrintedTable): number {
  return table.rows.reduce(
    (widest, row) => Math.max(widest, type.width(row[column] ?? '', BODY)),
    type.width(title, COLUMN_TITLE),
  );
}

function setRow({ type }: Sheet, { table, columns, cell }: TableLayout, row: readonly string[]): SetRow {
  const wrapping = table.columns.findIndex((column) => column.wraps);
  const lines = type.lines(row[wrapping] ?? '', cell, columns[wrapping]?.width ?? 0);
  return { lines, height: lines.length * lineHeight(cell) + 2 * PADDING };
}

const headHeight = ({ table, title }: TableLayout): number =>
  (table.title === undefined ? 0 : lineHeight(HEADING)) + lineHeight(title) + 2 * PADDING;

function printTitles(sheet: Sheet, { table, columns, title, left, width }: TableLayout): void {
  const baseline = sheet.y + PADDING + ascent(title);
  for (const [index, column] of table.columns.entries()) {
    const place = columns[index];
    if (place) printCell(sheet, sheet.type.line(column.title), place, baseline, title, column.align);
  }
  sheet.y += lineHeight(title) + 2 * PADDING;
  sheet.rule(left, width, STRONG_RULE);
}

function printRow(
  sheet: Sheet,
  layout: TableLayout,
  row: readonly string[],
  { lines, height }: SetRow,
): void {
  const { table, columns, cell } = layout;
  const breakable = height > sheet.pageRoom / 2;
  const [first, ...others] = lines;
  if ((breakable ? lineHeight(cell) + 2 * PADDING : height) > sheet.room) continueOnNextPage(sheet, layout);
  sheet.y += PADDING;
  for (const [index, column] of table.columns.entries()) {
    const place = columns[index];
    const line = column.wraps ? first : sheet.type.line(row[index] ?? '');
    if (place && line) printCell(sheet, line, place, sheet.y + ascent(cell), cell, column.align);
  }
  sheet.y += lineHeight(cell);
  const left = columns[table.columns.findIndex((column) => column.wraps)]?.left ?? layout.left;
  for (const line of others) {
    if (sheet.room < lineHeight(cell) + PADDING) {
      continueOnNextPage(sheet, layout);
      sheet.y += PADDING;
    }
    sheet.type.print(line, left, sheet.y + ascent(cell), cell);
    sheet.y += lineHeight(cell);
  }
  sheet.y += PADDING;
  sheet.rule(layout.left, layout.width);
}

function continueOnNextPage(sheet: Sheet, layout: TableLayout): void {
  sheet.newPage();
  printTitles(sheet, layout);
}

function printCell(
  { type }: Sheet,
  line: SetLine,
  place: { left: number; width: number },
  baseline: number,
  style: TextStyle,
  align: 'left' | 'right',
): void {
  type.print(line, align === 'right' ? place.left + place.width : place.left, baseline, style, align);
}
