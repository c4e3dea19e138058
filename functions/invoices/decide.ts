import { isEarlier } from './calendar.ts';
import { type CurrencyCode, currencyDecimals } from './currency.ts';
import { MAX_DIGITS } from './decimal.ts';
import type { InvoiceId } from './identifiers.ts';
import type { Invoice, IsoDateTime, Origin, Payment } from './invoice.ts';
import type { Decision, LedgerCommand, RefusalCode, ReplaceInvoice } from './ledger-command.ts';
import { formatMoney, type MinorUnits, magnitude } from './money.ts';
import { sameInvoice } from './same-invoice.ts';
import { settle } from './settlement.ts';
import { computeTotals } from './totals.ts';

/** What the ledger has under an id: the invoice, if there is one, and the last version the id has had (0 for never). */
export interface Current {
  invoice: Invoice | undefined;
  version: number;
}

export interface DecisionContext {
  invoiceId: InvoiceId;
  at: IsoDateTime;
  origin: Origin;
}

/**
 * Whether an amount has more than 15 digits before the point. A stated amount can't; an invoice's lines may come to more, and the sums
 * over a deal must stay far within the 38 digits of DynamoDB's numbers.
 */
const isTooLarge = (amount: MinorUnits, currency: CurrencyCode): boolean =>
  magnitude(amount) >= 10n ** BigInt(MAX_DIGITS + currencyDecimals(currency));

/**
 * What a command comes to, given what is there. Pure: the same command on the same invoice always ends the same, so that
 * it can be decided again after a lost race.
 */
export function decide(current: Current, command: LedgerCommand, context: DecisionContext): Decision {
  if (command.type === 'replace') return replace(current, command, context);
  const { invoice } = current;
  if (!invoice) return refused('not-found', `There is no invoice ${context.invoiceId}.`);
  switch (command.type) {
    case 'delete':
      return remove(invoice);
    case 'record-payment':
      return recordPayment(invoice, command, context);
    case 'assign-deal': {
      const dealId = command.dealId ?? undefined;
      return outcome(invoice, { ...invoice, dealId }, context);
    }
  }
}

function replace(current: Current, command: ReplaceInvoice, context: DecisionContext): Decision {
  const before = current.invoice;
  if (isOlder(command.sourceUpdatedAt, before?.sourceUpdatedAt)) {
    return refused('stale', `We already have the change of ${before?.sourceUpdatedAt}, which is newer.`);
  }
  const payments = command.payments ?? before?.payments ?? [];
  if (command.state === 'draft' && payments.length > 0) {
    return refused('payments-on-draft', 'A draft has no payments; send "payments": [] to take them away.');
  }
  if (!command.payments && payments.length > 0 && before?.currency !== command.content.currency) {
    return refused(
      'currency-conflict',
      `The payments we have are in ${before?.currency}; send payments together with the new currency.`,
    );
  }
  const totals = computeTotals(command.content);
  const { currency } = command.content;
  if ([totals.subtotal, totals.taxTotal, totals.total].some((amount) => isTooLarge(amount, currency))) {
    return refused('amount-too-large', `The lines come to more than ${MAX_DIGITS} digits before the point.`);
  }
  const next: Invoice = {
    ...command.content,
    ...totals,
    invoiceId: context.invoiceId,
    dealId: command.dealId === undefined ? before?.dealId : (command.dealId ?? undefined),
    state: command.state,
    markedPaid: command.markedPaid,
    payments,
    version: current.version,
    updatedAt: context.at,
    origin: before?.origin ?? context.origin,
    sourceUpdatedAt: command.sourceUpdatedAt ?? before?.sourceUpdatedAt,
  };
  return before ? outcome(before, next, context) : changed(next, context);
}

function recordPayment(
  invoice: Invoice,
  { payment, currency }: { payment: Payment; currency: CurrencyCode },
  context: DecisionContext,
): Decision {
  if (currency !== invoice.currency) {
    return refused('currency-conflict', `The payment is in ${currency}, the invoice in ${invoice.currency}.`);
  }
  const known = invoice.payments.find(({ paymentId }) => paymentId === payment.paymentId);
  if (known) {
    if (known.amount === payment.amount) return { kind: 'unchanged', invoice };
    const amount = formatMoney(known.amount, invoice.currency);
    return refused(
      'payment-conflict',
      `Payment ${payment.paymentId} is already recorded with ${amount} ${invoice.currency}.`,
    );
  }
  if (invoice.state !== 'open') {
    return refused(
      'status-forbids',
      `The invoice is ${invoice.state}: only an issued invoice takes payments.`,
    );
  }
  if (invoice.payments.length >= MAX_PAYMENTS) {
    return refused('invoice-too-large', `The invoice already has ${MAX_PAYMENTS} payments.`);
  }
  return outcome(invoice, { ...invoice, payments: [...invoice.payments, payment] }, context);
}

/** As many as one replacement may list. */
export const MAX_PAYMENTS = 500;

function remove(invoice: Invoice): Decision {
  const { status } = settle(invoice);
  if (status === 'draft' || status === 'void') return { kind: 'change', next: undefined };
  return refused(
    'status-forbids',
    `The invoice is ${status}: void it first; only a draft or void one can be deleted.`,
  );
}

const outcome = (before: Invoice, next: Invoice, context: DecisionContext): Decision =>
  sameInvoice(before, next)
    ? { kind: 'unchanged', invoice: { ...before, sourceUpdatedAt: next.sourceUpdatedAt } }
    : changed(next, context);

function changed(next: Invoice, { at }: DecisionContext): Decision {
  if (storedBytes(next) > MAX_STORED_BYTES) {
    return refused('invoice-too-large', 'The invoice is larger than 100 kB as stored.');
  }
  return { kind: 'change', next: { ...next, version: next.version + 1, updatedAt: at } };
}

/** An event holds an invoice twice, before and after, and DynamoDB's items end at 400 kB. */
const MAX_STORED_BYTES = 100_000;

const storedBytes = (invoice: Invoice): number =>
  Buffer.byteLength(
    JSON.stringify(invoice, (_key, value) => (typeof value === 'bigint' ? value.toString() : value)),
  );

const refused = (code: RefusalCode, detail: string): Decision => ({
  kind: 'refused',
  refusal: { code, detail },
});

/** Compared as instants: the same moment may be written with another offset. */
const isOlder = (told: IsoDateTime | undefined, stored: IsoDateTime | undefined): boolean =>
  told !== undefined && stored !== undefined && isEarlier(told, stored);
