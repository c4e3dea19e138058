import PDFDocument from 'pdfkit';
import type { Invoice } from '../../invoices/invoice.ts';
import { type DocumentFonts, forgetGlyphs } from './font-files.ts';
import { GUTTER, HEADING, lineHeight, QUIET } from './page-design.ts';
import { printAmounts } from './print-amounts.ts';
import { printHead } from './print-head.ts';
import { printTable } from './print-table.ts';
import { type PrintedInvoice, printedInvoice } from './printed-invoice.ts';
import type { Seller } from './seller.ts';
import { Sheet } from './sheet.ts';
import { Typesetter } from './typesetter.ts';

export interface InvoicePdfOptions {
  fonts: DocumentFonts;
  /** IANA name; a payment with a time was made on the day it was there. */
  timeZone: string;
  /** A4 where left out. */
  pageSize?: 'A4' | 'LETTER' | undefined;
}

export interface InvoicePdf {
  bytes: Uint8Array;
  /** Characters that no font has and that were printed as a replacement sign, each once: for a line in the log. */
  uncovered: string[];
}

/**
 * Renders an invoice as a PDF. The same invoice, seller and options give the same bytes: nothing in them depends on the clock, the
 * machine's locale or what was rendered before.
 */
export async function renderInvoicePdf(
  invoice: Invoice,
  seller: Seller,
  { fonts, timeZone, pageSize = 'A4' }: InvoicePdfOptions,
): Promise<InvoicePdf> {
  const printed = printedInvoice(invoice, seller, timeZone);
  const document = new PDFDocument({
    autoFirstPage: false,
    bufferPages: true,
    displayTitle: true,
    // The fonts are registered by the typesetter; the default is Helvetica, which covers too little.
    font: '',
    info: {
      Title: `${printed.title} ${printed.number}`,
      Author: seller.name,
      CreationDate: new Date(invoice.updatedAt),
    },
    lang: 'en',
    margin: 0,
    size: pageSize,
  });
  const bytes = collect(document);
  // From here to the document's end nothing waits, so no other document uses the fonts in between.
  forgetGlyphs(fonts);
  const type = new Typesetter(document, fonts);
  printPages(new Sheet(document, type, printed), printed);
  document.end();
  return { bytes: await bytes, uncovered: [...type.uncovered] };
}

function printPages(sheet: Sheet, printed: PrintedInvoice): void {
  printHead(sheet, printed);
  if (printed.lines) {
    printTable(sheet, printed.lines, sheet.left, sheet.width);
    sheet.y += 16;
  }
  printAmounts(sheet, printed);
  if (printed.payments) {
    sheet.y += GUTTER;
    printTable(sheet, printed.payments, sheet.left, sheet.width);
  }
  printBank(sheet, printed.seller.bank);
  sheet.finish();
}

function printBank(sheet: Sheet, bank: readonly string[]): void {
  if (bank.length === 0) return;
  const lines = bank.flatMap((line) => sheet.type.lines(line, QUIET, sheet.width));
  sheet.y += GUTTER;
  sheet.keepTogether(lineHeight(HEADING) + lines.length * lineHeight(QUIET));
  sheet.flow([sheet.type.line('Payment details')], HEADING);
  sheet.y += 2;
  sheet.flow(lines, QUIET);
}

function collect(document: PDFKit.PDFDocument): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const chunks: Uint8Array[] = [];
    document.on('data', (chunk: Uint8Array) => chunks.push(chunk));
    document.on('end', () => resolve(Buffer.concat(chunks)));
    document.on('error', reject);
  });
}
