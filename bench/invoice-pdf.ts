import type { InvoiceId } from '../functions/invoices/identifiers.ts';
import type { Invoice, InvoiceContent } from '../functions/invoices/invoice.ts';
import { computeTotals } from '../functions/invoices/totals.ts';
import { readFonts } from '../functions/pages/pdf/font-files.ts';
import { type InvoicePdfOptions, renderInvoicePdf } from '../functions/pages/pdf/render-invoice-pdf.ts';
import type { Seller } from '../functions/pages/pdf/seller.ts';
import { atMost, type Figure } from './figure.ts';
import { median, milliseconds } from './statistics.ts';

const RUNS = 15;
const WARM_UP = 5;

const SELLER: Seller = {
  name: 'Northwind Instruments GmbH',
  address: ['Speicherstraße 12', '20457 Hamburg', 'Germany'],
  taxId: 'DE123456789',
  bank: ['IBAN DE02 1203 0000 0000 2020 51'],
  footer: 'Registered at Amtsgericht Hamburg, HRB 12345.',
};

/** What rendering an invoice takes, of one page and of 20, with fonts read before, as a warm function has them. */
export async function invoicePdf(): Promise<Figure[]> {
  const options: InvoicePdfOptions = { fonts: await readFonts(), timeZone: 'Europe/Berlin' };
  const [short, long] = [benchInvoice(8), benchInvoice(540)];
  const measure = async (invoice: Invoice): Promise<number> => {
    const times: number[] = [];
    for (let run = -WARM_UP; run < RUNS; run++) {
      const time = await milliseconds(() => renderInvoicePdf(invoice, SELLER, options));
      if (run >= 0) times.push(time);
    }
    return median(times);
  };
  const [shortTime, longTime] = [await measure(short), await measure(long)];
  const [shortPdf, longPdf] = [
    await renderInvoicePdf(short, SELLER, options),
    await renderInvoicePdf(long, SELLER, options),
  ];
  const what = ({ bytes }: { bytes: Uint8Array }): string =>
    `${pageCount(bytes)} pages, ${(bytes.length / 1000).toFixed(0)} kB`;
  return [
    atMost(`invoice PDF of 8 lines (${what(shortPdf)}), median`, shortTime, 150, ' ms', 0),
    atMost(`invoice PDF of 540 lines (${what(longPdf)}), median`, longTime, 700, ' ms', 0),
  ];
}

const pageCount = (bytes: Uint8Array): string =>
  /\/Type \/Pages\s+\/Count (\d+)/.exec(Buffer.from(bytes).toString('latin1'))?.[1] ?? 'unknown';

function benchInvoice(lineCount: number): Invoice {
  const content: InvoiceContent = {
    number: 'INV-0042',
    customer: { name: 'Contoso Manufacturing Ltd', address: ['1 Harbour Road', 'Dublin 2', 'Ireland'] },
    currency: 'EUR',
    issueDate: '2026-11-02',
    dueDate: '2026-12-02',
    lines: Array.from({ length: lineCount }, (_, index) => ({
      description: `Service ${index + 1} in Łódź and Αθήνα${index % 3 === 0 ? ', with a report on what was measured and which parts were exchanged' : ''}`,
      quantity: `${(index % 9) + 1}`,
      unitPrice: `${((index * 37) % 900) + 10}.50`,
      taxRate: index % 4 === 0 ? '0.07' : '0.19',
    })),
  };
  return {
    invoiceId: 'inv-42' as InvoiceId,
    state: 'open',
    markedPaid: false,
    payments: [{ paymentId: 'BANK-311', amount: 100_000n, paidAt: '2026-11-12' }],
    version: 3,
    updatedAt: '2026-11-20T10:15:30.000Z',
    origin: 'accounting',
    ...content,
    ...computeTotals(content),
  };
}
