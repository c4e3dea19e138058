import { canonicalDecimal } from './decimal.ts';
import type { Invoice, InvoiceLine } from './invoice.ts';

/** Whether two invoices say the same: numbers by value ("1.5" is "1.50"), leaving out version and times. */
export const sameInvoice = (a: Invoice, b: Invoice): boolean => comparable(a) === comparable(b);

function comparable({ version, updatedAt, sourceUpdatedAt, ...invoice }: Invoice): string {
  const sortedByKey = (_key: string, value: unknown): unknown => {
    if (typeof value === 'bigint') return value.toString();
    if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).sort(([x], [y]) => (x < y ? -1 : 1)));
  };
  return JSON.stringify({ ...invoice, lines: invoice.lines.map(comparableLine) }, sortedByKey);
}

const comparableLine = (line: InvoiceLine) => ({
  ...line,
  quantity: canonicalDecimal(line.quantity),
  unitPrice: canonicalDecimal(line.unitPrice),
  discountRate: line.discountRate === undefined ? undefined : canonicalDecimal(line.discountRate),
  taxRate: line.taxRate === undefined ? undefined : canonicalDecimal(line.taxRate),
});
