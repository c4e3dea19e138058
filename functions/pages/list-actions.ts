import { asInvoiceId, type InvoiceId } from '../invoices/identifiers.ts';
import type { Invoice } from '../invoices/invoice.ts';
import { settle } from '../invoices/settlement.ts';
import { availableActions } from '../rep/available-actions.ts';
import { invoiceTitle } from '../rep/invoice-title.ts';
import { amountText } from './amount-text.ts';
import { type Html, html } from './html.ts';
import { policyOf } from './invoice-form-pages.ts';
import type { PagesAccess, Visitor } from './page-access.ts';
import { newFormToken } from './submission.ts';

/** What the list does itself, once it is confirmed: on the card these are hooks, which a browser can't call. */
export const LIST_ACTIONS = ['issue', 'void', 'delete'] as const;
export type ListAction = (typeof LIST_ACTIONS)[number];

export const LIST_ACTION_WORDS: Record<ListAction, string> = {
  issue: 'Issue',
  void: 'Void',
  delete: 'Delete',
};

export interface ListActionAsked {
  action: ListAction;
  invoiceId: InvoiceId;
}

/** A question with its answer as a form. */
export interface Confirmation extends ListActionAsked {
  title: string;
  question: string;
  version: number;
  formToken: string;
}

/** The action that a link of the list, or its confirmed form, asks for; undefined where it asks for none. */
export function listActionAsked(sent: URLSearchParams): ListActionAsked | undefined {
  const action = LIST_ACTIONS.find((known) => known === sent.get('confirm'));
  const invoiceId = asInvoiceId(sent.get('invoice') ?? '');
  return action && invoiceId && { action, invoiceId };
}

/** What to confirm; undefined where the invoice is not on this deal, or doesn't offer that any more. */
export async function confirmationFor(
  access: PagesAccess,
  visitor: Visitor,
  { action, invoiceId }: ListActionAsked,
): Promise<Confirmation | undefined> {
  const { rep, subject } = visitor.ticket;
  const [policy, { invoice }] = await Promise.all([
    policyOf(access, rep),
    access.store.current(rep.portalId, invoiceId),
  ]);
  if (!invoice || invoice.dealId !== subject.dealId) return undefined;
  const { status } = settle(invoice);
  if (!availableActions({ ...invoice, status }, policy, rep.email).includes(action)) return undefined;
  return {
    action,
    invoiceId,
    title: invoiceTitle(invoice),
    question: QUESTIONS[action](invoice),
    version: invoice.version,
    formToken: newFormToken(access, visitor),
  };
}

const QUESTIONS: Record<ListAction, (invoice: Invoice) => string> = {
  issue: ({ customer, total, currency, dueDate }) =>
    `${customer.name} will owe ${amountText(total, currency)}, due on ${dueDate}. An issued invoice can’t be changed any more.`,
  void: (invoice) =>
    `${invoice.customer.name} will no longer owe ${amountText(settle(invoice).balance, invoice.currency)}. A void invoice stays in the books and can’t be reopened.`,
  delete: ({ customer }) => `The draft for ${customer.name} can’t be brought back.`,
};

/** The question before the list, with the confirmed action as a plain form. */
export function renderConfirmation(
  { action, invoiceId, title, question, version, formToken }: Confirmation,
  keepUrl: string,
): Html {
  const words = `${LIST_ACTION_WORDS[action]} ${title}`;
  return html`<form method="post" action="${keepUrl}" class="notice confirmation" aria-labelledby="confirmation-title">
<h2 id="confirmation-title">${words}?</h2>
<p>${question}</p>
<input type="hidden" name="formToken" value="${formToken}">
<input type="hidden" name="confirm" value="${action}">
<input type="hidden" name="invoice" value="${invoiceId}">
<input type="hidden" name="version" value="${version}">
<p class="confirmation-buttons"><button class="button ${action === 'issue' ? 'button-primary' : 'button-danger'}">${words}</button>
<a class="button" href="${keepUrl}">Keep it as it is</a></p>
</form>
`;
}
