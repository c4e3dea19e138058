import { instantOf } from './calendar.ts';
import type { CurrencyCode } from './currency.ts';
import type { InvoiceId } from './identifiers.ts';
import type { Invoice, IsoDate } from './invoice.ts';
import type { MinorUnits } from './money.ts';
import { descending, naturalOrderKey } from './natural-order.ts';
import { type InvoiceStatus, settle } from './settlement.ts';

/** The few fields of an invoice that a list of a deal's invoices shows. */
export interface DealRow {
  invoiceId: InvoiceId;
  number: string | null;
  status: InvoiceStatus;
  currency: CurrencyCode;
  total: MinorUnits;
  amountPaid: MinorUnits;
  balance: MinorUnits;
  issueDate: IsoDate;
  dueDate: IsoDate;
  customerName: string;
  link?: string | undefined;
  version: number;
}

/** The invoice as a row of its deal. */
export function dealRow(invoice: Invoice): DealRow {
  const { status, amountPaid, balance } = settle(invoice);
  return {
    invoiceId: invoice.invoiceId,
    number: invoice.number,
    status,
    currency: invoice.currency,
    total: invoice.total,
    amountPaid,
    balance,
    issueDate: invoice.issueDate,
    dueDate: invoice.dueDate,
    customerName: invoice.customer.name,
    ...(invoice.link === undefined ? {} : { link: invoice.link }),
    version: invoice.version,
  };
}

/** What every row's sort key begins with. */
export const ROW_PREFIX = 'row#';
/** The class of a row, which its sort key goes on with: what needs attention comes first. */
export const ROW_CLASS: Record<InvoiceStatus, 1 | 2 | 3 | 4> = {
  open: 1,
  partially_paid: 1,
  draft: 2,
  paid: 3,
  void: 4,
};
/** ASCII's unit separator: below every character a number or an id may hold, so that "INV-1" comes before "INV-1a". */
const UNIT = '\u001f';

/**
 * The sort key that puts what needs attention first: open by due date, drafts by issue date, paid by last payment (else
 * issue date), void by issue date, the last three newest first; ties by number, digits compared as numbers, then by id.
 */
export function rowSortKey(invoice: Invoice): string {
  const { status } = settle(invoice);
  const date = attentionDate(invoice, status);
  const number = naturalOrderKey(invoice.number ?? '');
  return `${ROW_PREFIX}${ROW_CLASS[status]}#${date}${UNIT}${number}${UNIT}${invoice.invoiceId}`;
}

function attentionDate(invoice: Invoice, status: InvoiceStatus): string {
  switch (status) {
    case 'open':
    case 'partially_paid':
      return invoice.dueDate;
    case 'draft':
    case 'void':
      return descending(invoice.issueDate);
    case 'paid':
      return descending(lastPaidAt(invoice));
  }
}

function lastPaidAt(invoice: Invoice): string {
  const instants = invoice.payments.map((payment) => instantOf(payment.paidAt)).sort();
  return instants.at(-1) ?? instantOf(invoice.issueDate);
}
