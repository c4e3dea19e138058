import { canonicalDecimal } from './decimal.ts';
import type { Invoice, InvoiceLine } from './invoice.ts';
import { settle } from './settlement.ts';

/**
 * Whether two invoices say the same: numbers by value ("1.5" is "1.50"), leaving out version and times. What only shows in something else is
 * compared there: a stated total in the total, the paid flag in what is paid. So what comes back from the accounting system after a
 * rep paid an invoice in full, now flagged as paid, is no change.
 */
export const sameInvoice = (a: Invoice, b: Invoice): boolean => comparable(a) === comparable(b);

/** Whether the lines of two invoices say the same, in the same order. */
export const sameLines = (a: readonly InvoiceLine[], b: readonly InvoiceLine[]): boolean =>
  comparableText(a.map(comparableLine)) === comparableText(b.map(comparableLine));

function comparable(invoice: Invoice): string {
  const { version, updatedAt, sourceUpdatedAt, repChangedAt, statedTotal, markedPaid, ...shown } = invoice;
  return comparableText({ ...shown, settlement: settle(invoice), lines: invoice.lines.map(comparableLine) });
}

const comparableText = (value: unknown): string => JSON.stringify(value, sortedByKey);

function sortedByKey(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([x], [y]) => (x < y ? -1 : 1)));
}

const comparableLine = (line: InvoiceLine) => ({
  ...line,
  quantity: canonicalDecimal(line.quantity),
  unitPrice: canonicalDecimal(line.unitPrice),
  discountRate: line.discountRate === undefined ? undefined : canonicalDecimal(line.discountRate),
  taxRate: line.taxRate === undefined ? undefined : canonicalDecimal(line.taxRate),
});
