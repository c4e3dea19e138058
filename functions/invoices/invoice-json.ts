import { dateInTimeZone } from './calendar.ts';
import type { DealSummary } from './deal-summary.ts';
import type { Invoice, IsoDate } from './invoice.ts';
import type { LedgerEvent } from './ledger-event.ts';
import { formatMoney, type MinorUnits } from './money.ts';
import { isOverdue, settle } from './settlement.ts';

/** An invoice as everyone outside reads it: money as decimal strings, and with what is derived. `today` is the portal's. */
export function invoiceJson(invoice: Invoice, today: IsoDate) {
  const { status, amountPaid, balance } = settle(invoice);
  const money = (amount: MinorUnits) => formatMoney(amount, invoice.currency);
  const optionalMoney = (amount: MinorUnits | undefined) =>
    amount === undefined ? undefined : money(amount);
  return {
    invoiceId: invoice.invoiceId,
    externalId: invoice.externalId,
    number: invoice.number,
    dealId: invoice.dealId,
    customer: invoice.customer,
    currency: invoice.currency,
    issueDate: invoice.issueDate,
    dueDate: invoice.dueDate,
    status,
    overdue: isOverdue(status, invoice.dueDate, today),
    lines: invoice.lines.map((line) => ({ ...line, discount: optionalMoney(line.discount) })),
    subtotal: money(invoice.subtotal),
    taxTotal: money(invoice.taxTotal),
    roundingAmount: optionalMoney(invoice.roundingAmount),
    total: money(invoice.total),
    amountPaid: money(amountPaid),
    balance: money(balance),
    payments: invoice.payments.map((payment) => ({ ...payment, amount: money(payment.amount) })),
    link: invoice.link,
    pdfUrl: invoice.pdfUrl,
    version: invoice.version,
    updatedAt: invoice.updatedAt,
    origin: invoice.origin,
    sourceUpdatedAt: invoice.sourceUpdatedAt,
  };
}

export type InvoiceJson = ReturnType<typeof invoiceJson>;

/** A deal's summary with its money as decimal strings. */
export const summaryJson = (summary: DealSummary) => ({
  invoiceCount: summary.invoiceCount,
  draftCount: summary.draftCount,
  voidCount: summary.voidCount,
  currencies: summary.currencies.map(({ currency, total, amountPaid, balance }) => ({
    currency,
    total: formatMoney(total, currency),
    amountPaid: formatMoney(amountPaid, currency),
    balance: formatMoney(balance, currency),
  })),
});

/** An event as the feed and the bus carry it. Whether an invoice was overdue is told as of the day of the change. */
export function eventJson(event: LedgerEvent, timeZone: string) {
  const day = dateInTimeZone(Date.parse(event.at), timeZone);
  return {
    eventId: event.eventId,
    type: event.type,
    at: event.at,
    invoiceId: event.invoiceId,
    dealId: event.dealId,
    actor: event.actor,
    origin: event.origin,
    before: event.before ? invoiceJson(event.before, day) : null,
    after: event.after ? invoiceJson(event.after, day) : null,
  };
}

export type EventJson = ReturnType<typeof eventJson>;
