import type { CurrencyCode } from '../invoices/currency.ts';
import { type Invoice, type IsoDate, MAX_PAYMENTS } from '../invoices/invoice.ts';
import type { Done } from '../invoices/ledger.ts';
import type { Refusal, RefusalCode } from '../invoices/ledger-command.ts';
import { formatMoney, type MinorUnits } from '../invoices/money.ts';
import { settle } from '../invoices/settlement.ts';
import { invoiceTitle } from './invoice-title.ts';
import { type ListedStatus, listedStatus } from './listed-status.ts';
import type { Amount, RepAction } from './policy.ts';
import type { RepRequest } from './rep-request.ts';

/** Why a rep's request was refused, or for `unavailable` why nobody can say whether it was. */
export type RefusalReason = RefusalCode | 'not-allowed' | 'invalid-fields' | 'busy' | 'unavailable';

/** An amount as a rep reads it: "1,190.00 EUR". */
export const spokenMoney = (amount: MinorUnits, currency: CurrencyCode): string =>
  `${formatMoney(amount, currency).replace(/\B(?=(\d{3})+(?!\d))(?<!\.\d*)/g, ',')} ${currency}`;

/** What was done, in a rep's words. */
export function doneMessage(request: RepRequest, done: Done): string {
  if (done.kind === 'deleted') return `${invoiceTitle(done.before)} is deleted.`;
  const { invoice } = done;
  const title = invoiceTitle(invoice);
  switch (request.action) {
    case 'create':
    case 'edit':
      if (request.issue) return issuedMessage(title, invoice);
      return done.kind === 'unchanged'
        ? `${title} stays as it was: nothing was different.`
        : `${title} is saved: ${spokenMoney(invoice.total, invoice.currency)} for ${invoice.customer.name}.`;
    case 'issue':
      return issuedMessage(title, invoice);
    case 'void': {
      const owed = done.before ? settle(done.before).balance : 0n;
      return `${title} is void. The customer no longer owes ${spokenMoney(owed, invoice.currency)}.`;
    }
    case 'payment':
      return paidMessage(title, done);
    case 'delete':
      return `${title} is still there.`;
  }
}

const issuedMessage = (title: string, invoice: Invoice): string =>
  `${title} is issued. ${invoice.customer.name} owes ${spokenMoney(settle(invoice).balance, invoice.currency)}, due on ${invoice.dueDate}.`;

function paidMessage(title: string, done: Exclude<Done, { kind: 'deleted' }>): string {
  const { invoice } = done;
  const { status, balance } = settle(invoice);
  const money = (amount: MinorUnits): string => spokenMoney(amount, invoice.currency);
  const payment = invoice.payments.at(-1);
  const recorded =
    done.kind === 'unchanged' || !payment
      ? `The payment was already recorded on ${title}.`
      : `${money(payment.amount)} recorded on ${title}.`;
  if (status !== 'paid') return `${recorded} ${money(balance)} is still owed.`;
  if (balance === 0n) return `${recorded} It is paid in full.`;
  return `${recorded} It is paid, with ${money(-balance)} too much.`;
}

/** Why it was not done, in a rep's words; nothing was changed. */
export function refusalMessage(
  request: RepRequest,
  { code, detail }: Refusal,
  current: Invoice | undefined,
  today: IsoDate,
): string {
  const title = current ? invoiceTitle(current) : 'The invoice';
  switch (code) {
    case 'status-forbids':
      return current ? `${title} is ${spokenStatus(current, today)}: ${RULE[request.action]}` : detail;
    case 'version-moved':
      return `${title} was changed since you opened it. Look at it again, then repeat what you meant to do.`;
    case 'key-reused':
      return 'This was already sent with something else in it. Reload the page and look at what was saved.';
    case 'too-many-payments':
      return `${title} has ${MAX_PAYMENTS} payments already, and an invoice takes no more.`;
    case 'amount-too-large':
      return 'The lines come to an amount that is too large for an invoice.';
    case 'invoice-too-large':
      return `${title} would become too large: leave out lines or shorten their texts.`;
    default:
      return detail;
  }
}

const RULE: Record<RepRequest['action'], string> = {
  create: 'an invoice is created once.',
  edit: 'only a draft can be changed.',
  issue: 'only a draft can be issued.',
  void: 'only an invoice that is still owed can be voided.',
  delete: 'only a draft can be deleted; what was issued can be voided.',
  payment: 'only an invoice that is still owed takes payments.',
};

const STATUS_WORDS: Record<ListedStatus, string> = {
  draft: 'a draft',
  open: 'open',
  partially_paid: 'partially paid',
  overdue: 'overdue',
  paid: 'paid',
  void: 'void',
};

const spokenStatus = (invoice: Invoice, today: IsoDate): string =>
  STATUS_WORDS[listedStatus({ ...settle(invoice), dueDate: invoice.dueDate }, today)];

const VERBS: Record<RepAction, string> = {
  create: 'create',
  edit: 'change',
  issue: 'issue',
  payment: 'record payments on',
  void: 'void',
  delete: 'delete',
};

/** What the policy refuses: the action altogether, or for an amount. */
export const notAllowedMessage = (action: RepAction, amount: Amount | undefined): string =>
  `You are not allowed to ${VERBS[action]} invoices${
    amount ? ` of ${spokenMoney(amount.total, amount.currency)}` : ''
  }. Whoever looks after this connection can change that.`;
