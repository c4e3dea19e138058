import {
  ascent,
  BODY,
  BUYER_NAME,
  GUTTER,
  LABEL,
  lineHeight,
  MARGIN,
  QUIET,
  SELLER_NAME,
  STRONG,
  TITLE,
} from './page-design.ts';
import type { PrintedInvoice } from './printed-invoice.ts';
import type { Sheet } from './sheet.ts';
import type { TextStyle } from './typesetter.ts';

/** The right column's part of the width. */
const RIGHT_PART = 0.36;

/** Prints who sends the invoice and to whom, its number and dates: the seller and the buyer at the left, the rest beside them. */
export function printHead(sheet: Sheet, { title, number, seller, buyer, facts }: PrintedInvoice): void {
  const rightWidth = sheet.width * RIGHT_PART;
  const leftWidth = sheet.width - rightWidth - GUTTER;
  const flow = (texts: readonly string[], style: TextStyle): void => {
    for (const text of texts) sheet.flow(sheet.type.lines(text, style, leftWidth), style);
  };

  const titleEnd = printRight(
    sheet,
    number,
    printRight(sheet, title, MARGIN, TITLE, rightWidth),
    STRONG,
    rightWidth,
  );
  flow([seller.name], SELLER_NAME);
  sheet.y += 2;
  flow(seller.details, QUIET);

  if (sheet.y < titleEnd) sheet.y = titleEnd;
  sheet.y += 26;
  sheet.keepTogether(6 * lineHeight(BODY));
  const factsEnd = printFacts(sheet, facts, rightWidth);
  const page = sheet.document.page;
  flow(['Billed to'], LABEL);
  sheet.y += 1;
  flow([buyer.name], BUYER_NAME);
  flow(buyer.details, BODY);
  // A very long address may have gone on to the next page, where the facts are not in the way.
  if (page === sheet.document.page && sheet.y < factsEnd) sheet.y = factsEnd;
  sheet.y += 24;
}

/** Prints a text aligned right at the page's edge and answers where it ends. */
function printRight(sheet: Sheet, text: string, top: number, style: TextStyle, width: number): number {
  const lines = sheet.type.lines(text, style, width);
  for (const [index, line] of lines.entries()) {
    sheet.type.print(line, sheet.right, top + index * lineHeight(style) + ascent(style), style, 'right');
  }
  return top + lines.length * lineHeight(style);
}

function printFacts(sheet: Sheet, facts: PrintedInvoice['facts'], width: number): number {
  let top = sheet.y;
  for (const { label, value } of facts) {
    const baseline = top + ascent(BODY);
    sheet.type.print(sheet.type.line(label), sheet.right - width, baseline, { ...LABEL, size: BODY.size });
    sheet.type.print(sheet.type.line(value), sheet.right, baseline, BODY, 'right');
    top += lineHeight(BODY) + 2;
  }
  return top;
}
