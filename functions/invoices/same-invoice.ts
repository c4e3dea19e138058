import { inNanoseconds } from './calendar.ts';
import { canonicalDecimal } from './decimal.ts';
import type { Customer, Invoice, InvoiceLine, Payment } from './invoice.ts';
import { settle } from './settlement.ts';

/**
 * Whether two invoices say the same, leaving out version and times. Numbers are compared by value ("1.5" is "1.50"), moments as moments (a
 * date is its first one in UTC), payments in no order, and a discount or an address of nothing is none. What only shows in something
 * else is compared there: a stated total in the total, the paid flag in what is paid. So what comes back from the accounting system after a
 * rep paid an invoice in full, now flagged as paid, is no change.
 */
export const sameInvoice = (a: Invoice, b: Invoice): boolean => comparable(a) === comparable(b);

/** Whether the lines of two invoices say the same, in the same order. */
export const sameLines = (a: readonly InvoiceLine[], b: readonly InvoiceLine[]): boolean =>
  comparableText(a.map(comparableLine)) === comparableText(b.map(comparableLine));

function comparable(invoice: Invoice): string {
  const { version, updatedAt, sourceUpdatedAt, repChangedAt, statedTotal, markedPaid, ...shown } = invoice;
  return comparableText({
    ...shown,
    settlement: settle(invoice),
    customer: comparableCustomer(invoice.customer),
    lines: invoice.lines.map(comparableLine),
    payments: comparablePayments(invoice.payments),
  });
}

const comparableText = (value: unknown): string => JSON.stringify(value, sortedByKey);

function sortedByKey(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([x], [y]) => (x < y ? -1 : 1)));
}

const comparableCustomer = ({ address, ...customer }: Customer) => ({
  ...customer,
  address: address?.length ? address : undefined,
});

const comparableLine = (line: InvoiceLine) => ({
  ...line,
  quantity: canonicalDecimal(line.quantity),
  unitPrice: canonicalDecimal(line.unitPrice),
  discount: line.discount === 0n ? undefined : line.discount,
  discountRate: comparableDiscountRate(line.discountRate),
  taxRate: line.taxRate === undefined ? undefined : canonicalDecimal(line.taxRate),
});

function comparableDiscountRate(rate: InvoiceLine['discountRate']): string | undefined {
  const canonical = rate === undefined ? '0' : canonicalDecimal(rate);
  return canonical === '0' ? undefined : canonical;
}

/** A payment's id is unique in its invoice. */
const comparablePayments = (payments: readonly Payment[]) =>
  payments
    .map((payment) => ({ ...payment, paidAt: inNanoseconds(payment.paidAt) }))
    .sort((a, b) => (a.paymentId < b.paymentId ? -1 : 1));
