import { isEarlier } from './calendar.ts';
import type { CurrencyCode } from './currency.ts';
import { decideForRep } from './decide-for-rep.ts';
import {
  amountTooLarge,
  boundedTotals,
  type Current,
  changed,
  type DecisionContext,
  missing,
  outcome,
  refused,
} from './decision.ts';
import { type ChangeTimes, type Invoice, type IsoDateTime, MAX_PAYMENTS, type Payment } from './invoice.ts';
import type { Decision, LedgerCommand, MergeInvoices, ReplaceInvoice } from './ledger-command.ts';
import { formatMoney } from './money.ts';
import { settle } from './settlement.ts';

/**
 * What a command comes to, given what is there. Pure: the same command on the same invoice always ends the same, so that
 * it can be decided again after a lost race.
 */
export function decide(current: Current, command: LedgerCommand, context: DecisionContext): Decision {
  const { invoice } = current;
  switch (command.type) {
    case 'replace':
      return replace(current, command, context);
    case 'create':
    case 'edit':
    case 'issue':
    case 'void':
    case 'delete-draft':
      return decideForRep(current, command, context);
    case 'delete':
      return invoice ? remove(invoice) : missing(context);
    case 'record-payment':
      return invoice ? recordPayment(invoice, command, context) : missing(context);
    case 'assign-deal':
      return invoice
        ? outcome(invoice, { ...invoice, dealId: command.dealId ?? undefined }, context)
        : missing(context);
    case 'give-external-id': {
      const { externalId, number } = command;
      return invoice
        ? outcome(invoice, { ...invoice, externalId, number: number ?? invoice.number }, context)
        : missing(context);
    }
    case 'merge':
      return invoice ? merge(invoice, command, context) : missing(context);
  }
}

/**
 * The accounting system speaks for the books, but a late message doesn't: neither where it told us something newer, nor where a rep did
 * something since, unless the message only says what is so already.
 */
function replace(current: Current, command: ReplaceInvoice, context: DecisionContext): Decision {
  const times: ChangeTimes = current.invoice ?? current.deleted ?? {};
  if (isOlder(command.sourceUpdatedAt, times.sourceUpdatedAt)) {
    return refused('stale', `We already have the change of ${times.sourceUpdatedAt}, which is newer.`);
  }
  const decision = replaced(current, command, times, context);
  if (decision.kind !== 'unchanged' && isOlder(command.sourceUpdatedAt, times.repChangedAt)) {
    return refused('stale', `A rep changed the invoice in HubSpot at ${times.repChangedAt}, which is newer.`);
  }
  return decision;
}

function replaced(
  current: Current,
  command: ReplaceInvoice,
  times: ChangeTimes,
  context: DecisionContext,
): Decision {
  const before = current.invoice;
  if (command.content.number === null && before?.number !== null) {
    const has = before ? `The invoice has the number ${before.number}` : 'A new invoice needs a number';
    return refused('number-missing', `${has}; send it.`);
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
  const totals = boundedTotals(command.content);
  if (!totals) return amountTooLarge();
  const next: Invoice = {
    ...command.content,
    ...totals,
    invoiceId: context.invoiceId,
    externalId: before ? before.externalId : current.deleted?.alias?.externalId,
    dealId: command.dealId === undefined ? before?.dealId : (command.dealId ?? undefined),
    state: command.state,
    markedPaid: command.markedPaid,
    payments,
    version: current.version,
    updatedAt: context.at,
    origin: before?.origin ?? context.origin,
    sourceUpdatedAt: command.sourceUpdatedAt ?? times.sourceUpdatedAt,
    repChangedAt: times.repChangedAt,
  };
  return before ? outcome(before, next, context) : changed(next, context);
}

/** A number that is sent along can't be heeded where it isn't the accounting side's: its content wins. */
function merge(ours: Invoice, { accounting, number }: MergeInvoices, context: DecisionContext): Decision {
  if (number !== undefined && number !== accounting.number) {
    return refused(
      'number-conflict',
      `Merged, the invoice has what ${accounting.invoiceId} has, and that is not the number ${number}: leave "number" out, or change it there first.`,
    );
  }
  return changed(merged(ours, accounting), context);
}

/** The accounting side's content under our id, on our deal where we have one. */
const merged = (ours: Invoice, accounting: Invoice): Invoice => ({
  ...accounting,
  invoiceId: ours.invoiceId,
  externalId: accounting.invoiceId,
  dealId: ours.dealId ?? accounting.dealId,
  origin: ours.origin,
  version: ours.version,
});

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
    return refused(
      'too-many-payments',
      `The invoice has ${MAX_PAYMENTS} payments already, and takes no more.`,
    );
  }
  return outcome(invoice, { ...invoice, payments: [...invoice.payments, payment] }, context);
}

function remove(invoice: Invoice): Decision {
  const { status } = settle(invoice);
  if (status === 'draft' || status === 'void') return { kind: 'change', next: undefined };
  return refused(
    'status-forbids',
    `The invoice is ${status}: void it first; only a draft or void one can be deleted.`,
  );
}

/** Compared as instants: the same moment may be written with another offset. */
const isOlder = (told: IsoDateTime | undefined, stored: IsoDateTime | undefined): boolean =>
  told !== undefined && stored !== undefined && isEarlier(told, stored);
