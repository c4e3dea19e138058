import { editedContent } from '../invoices/edited-content.ts';
import type { Invoice, IsoDate } from '../invoices/invoice.ts';
import type { RepCommand } from '../invoices/ledger-command.ts';
import { magnitude } from '../invoices/money.ts';
import { readPayment } from '../invoices/read-invoice-input.ts';
import { settle } from '../invoices/settlement.ts';
import { computeTotals } from '../invoices/totals.ts';
import { statusAllows } from './available-actions.ts';
import { type Amount, mayDo, type Policy, type RepAction } from './policy.ts';
import type { Rep } from './rep.ts';
import { invalidFields, notAllowed, type RepAnswer, refusalAnswer } from './rep-answer.ts';
import { readRepEdit, readRepInvoice, sentRepFields } from './rep-input.ts';
import type { RepRequest } from './rep-request.ts';

/** What a request is held against. */
export interface Circumstances {
  rep: Rep;
  policy: Policy;
  /** The portal's. */
  today: IsoDate;
  /** A new id for a payment without one. */
  newId: () => string;
}

/** The command a request comes to, or the answer that refuses it. */
export type CommandReading = { ok: true; command: RepCommand } | { ok: false; answer: RepAnswer };

type Asked<Action extends RepRequest['action']> = Extract<RepRequest, { action: Action }>;

const command = (read: RepCommand): CommandReading => ({ ok: true, command: read });
const refused = (answer: RepAnswer): CommandReading => ({ ok: false, answer });

/** Reads what a rep asks of no invoice yet. */
export function createCommand(request: Asked<'create'>, circumstances: Circumstances): CommandReading {
  const sent = sentRepFields(request.fields);
  if (!sent.ok) return refused(invalidFields(sent.problems, undefined, circumstances.today));
  const reading = readRepInvoice(sent.value);
  if (!reading.ok) return refused(invalidFields(reading.problems, undefined, circumstances.today));
  const content = reading.value;
  const amount = { total: computeTotals(content).total, currency: content.currency };
  const refusal = forbidden(
    ['create', ...(request.issue ? ['issue' as const] : [])],
    [amount],
    circumstances,
  );
  return refusal ?? command({ type: 'create', content, dealId: request.dealId, issue: request.issue });
}

/** Reads what a rep asks of an invoice, held to its status and to the policy. */
export function invoiceCommand(
  request: Exclude<RepRequest, { action: 'create' }>,
  invoice: Invoice,
  circumstances: Circumstances,
): CommandReading {
  const { status } = settle(invoice);
  if (!statusAllows(status, request.action) && !repeatsPayment(request, invoice)) {
    const detail = `The invoice is ${status}.`;
    return refused(refusalAnswer(request, { code: 'status-forbids', detail }, invoice, circumstances.today));
  }
  switch (request.action) {
    case 'edit':
      return editCommand(request, invoice, circumstances);
    case 'payment':
      return paymentCommand(request, invoice, circumstances);
    case 'issue':
      return forbidden(['issue'], [invoice], circumstances, invoice) ?? command({ type: 'issue' });
    case 'void':
      return forbidden(['void'], [invoice], circumstances, invoice) ?? command({ type: 'void' });
    case 'delete':
      return forbidden(['delete'], [invoice], circumstances, invoice) ?? command({ type: 'delete-draft' });
  }
}

/** A payment that the invoice has already may be told again after it made the invoice paid. */
const repeatsPayment = (request: RepRequest, invoice: Invoice): boolean =>
  request.action === 'payment' &&
  invoice.payments.some(({ paymentId }) => paymentId === request.payment.paymentId);

function editCommand(request: Asked<'edit'>, invoice: Invoice, circumstances: Circumstances): CommandReading {
  const sent = sentRepFields(request.fields);
  if (!sent.ok) return refused(invalidFields(sent.problems, invoice, circumstances.today));
  const reading = readRepEdit(invoice, sent.value);
  if (!reading.ok) return refused(invalidFields(reading.problems, invoice, circumstances.today));
  const content = reading.value;
  const { issue } = request;
  const edited = { total: computeTotals(editedContent(invoice, content)).total, currency: content.currency };
  const refusal =
    forbidden(['edit'], [invoice, edited], circumstances, invoice) ??
    (issue ? forbidden(['issue'], [edited], circumstances, invoice) : undefined);
  return refusal ?? command({ type: 'edit', content, issue });
}

function paymentCommand(
  { payment: sent }: Asked<'payment'>,
  invoice: Invoice,
  circumstances: Circumstances,
): CommandReading {
  const { currency, total } = invoice;
  const reading = readPayment({ ...sent, paymentId: sent.paymentId ?? circumstances.newId() }, currency);
  if (!reading.ok) return refused(invalidFields(reading.problems, invoice, circumstances.today));
  const payment = reading.value;
  if (total >= 0n !== payment.amount >= 0n) {
    const expected = total >= 0n ? 'an amount above zero' : 'an amount below zero, as the invoice’s total is';
    const problem = { field: 'amount', problem: `is "${sent.amount}"`, expected };
    return refused(invalidFields([problem], invoice, circumstances.today));
  }
  // More than the invoice may be paid by mistake: the larger of the two is what is moved.
  const moved = magnitude(payment.amount) > magnitude(total) ? payment.amount : total;
  return (
    forbidden(['payment'], [{ total: moved, currency }], circumstances, invoice) ??
    command({ type: 'record-payment', payment, currency })
  );
}

function forbidden(
  actions: readonly RepAction[],
  amounts: readonly Amount[],
  { rep, policy, today }: Circumstances,
  invoice?: Invoice,
): CommandReading | undefined {
  for (const action of actions) {
    if (!mayDo(policy, rep.email, action)) return refused(notAllowed(action, undefined, invoice, today));
    const tooMuch = amounts.find((amount) => !mayDo(policy, rep.email, action, amount));
    if (tooMuch) return refused(notAllowed(action, tooMuch, invoice, today));
  }
  return undefined;
}
