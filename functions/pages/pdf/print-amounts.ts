import { ascent, BODY, GUTTER, lineHeight, STRONG, STRONG_RULE } from './page-design.ts';
import { printTable, tableHeight } from './print-table.ts';
import type { PrintedAmount, PrintedInvoice } from './printed-invoice.ts';
import type { Sheet } from './sheet.ts';

const LEAST_WIDTH = 210;
const PADDING = 3;
/** A tax summary with more rates than this goes below the amounts instead of beside them. */
const MOST_RATES_BESIDE = 12;

const styleOf = ({ strong }: PrintedAmount) => (strong ? STRONG : BODY);
const heightOf = (row: PrintedAmount): number => lineHeight(styleOf(row)) + 2 * PADDING;

/** Prints subtotal to balance at the right, kept together, and the tax summary beside them or, where it is too large for that, below. */
export function printAmounts(sheet: Sheet, { amounts, taxes }: PrintedInvoice): void {
  const width = amountsWidth(sheet, amounts);
  const height = amounts.reduce((total, row) => total + heightOf(row), 0);
  const taxWidth = Math.min(sheet.width - width - GUTTER, 240);
  const beside = taxes !== undefined && taxes.rows.length <= MOST_RATES_BESIDE && taxWidth >= 150;
  sheet.keepTogether(beside ? Math.max(height, tableHeight(sheet, taxes, taxWidth)) : height);
  const top = sheet.y;
  printRows(sheet, amounts, width);
  const end = sheet.y;
  if (beside) {
    sheet.y = top;
    printTable(sheet, taxes, sheet.left, taxWidth);
    sheet.y = Math.max(end, sheet.y);
  } else if (taxes) {
    sheet.y += GUTTER;
    printTable(sheet, taxes, sheet.left, sheet.width / 2);
  }
}

function amountsWidth({ type }: Sheet, amounts: readonly PrintedAmount[]): number {
  const widest = (texts: readonly string[]): number =>
    Math.max(...texts.map((text) => type.width(text, STRONG)));
  const needed = widest(amounts.map(({ label }) => label)) + widest(amounts.map(({ amount }) => amount)) + 16;
  return Math.max(LEAST_WIDTH, needed);
}

function printRows(sheet: Sheet, amounts: readonly PrintedAmount[], width: number): void {
  const left = sheet.right - width;
  for (const row of amounts) {
    if (row.strong) sheet.rule(left, width, STRONG_RULE);
    const style = styleOf(row);
    const baseline = sheet.y + PADDING + ascent(style);
    sheet.type.print(sheet.type.line(row.label), left, baseline, style);
    sheet.type.print(sheet.type.line(row.amount), sheet.right, baseline, style, 'right');
    sheet.y += heightOf(row);
  }
}
