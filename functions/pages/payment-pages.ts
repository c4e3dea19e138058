import type { PageOperation, PageResponse } from '../http/html-handler.ts';
import type { Invoice } from '../invoices/invoice.ts';
import { formatMoney } from '../invoices/money.ts';
import { settle } from '../invoices/settlement.ts';
import { statusAllows } from '../rep/available-actions.ts';
import { invoiceTitle } from '../rep/invoice-title.ts';
import { mayDo } from '../rep/policy.ts';
import type { RepAnswer } from '../rep/rep-answer.ts';
import { amountText } from './amount-text.ts';
import { fieldMessages } from './field-messages.ts';
import { formEnd } from './form-end.ts';
import { type PaymentFields, paymentInputOf, paymentMessages } from './form-messages.ts';
import { formPost, formVersion } from './form-post.ts';
import { forFormVisitor } from './form-visitor.ts';
import { conflict, forbidden, policyOf } from './invoice-form-pages.ts';
import { listReturn } from './list-return.ts';
import { forVisitor, type PagesAccess, portalToday, type Visitor } from './page-access.ts';
import { pageShell } from './page-shell.ts';
import { type PaymentForm, renderPaymentForm } from './payment-form.ts';
import { newFormToken, renewedFormToken, submit } from './submission.ts';
import { ticketInvoice } from './ticket-invoice.ts';

const LATE =
  'This form was open for more than 15 minutes, so nothing was recorded yet. Look it over and record the payment again.';

const MOVED =
  'The invoice has changed since this form was opened, so nothing was recorded. Look at what is owed now and record the payment again.';

/** `GET /pages/invoices/{invoiceId}/payment`: the form, with what is owed and the portal's today. */
export const paymentPage = (access: PagesAccess): PageOperation =>
  forVisitor(access, ['payment'], async (request, visitor) => {
    const { rep } = visitor.ticket;
    const [policy, invoice, today] = await Promise.all([
      policyOf(access, rep),
      ticketInvoice(access.store, visitor.ticket),
      portalToday(access, rep.portalId),
    ]);
    const title = invoiceTitle(invoice);
    if (!mayDo(policy, rep.email, 'payment', invoice)) throw forbidden(`record payments on ${title}`);
    if (!takesPayments(invoice)) {
      throw conflict(`${title} takes no payments: only an invoice that is still owed does.`);
    }
    const fields = { amount: formatMoney(settle(invoice).balance, invoice.currency), paidAt: today };
    const listUrl = (await listReturn(access, request, visitor))?.url;
    return draw(access, visitor, invoice, { fields, listUrl, formToken: newFormToken(access, visitor) }, 200);
  });

/** `POST /pages/invoices/{invoiceId}/payment`: records it once, or draws the form again with what is wrong. */
export const submitPayment = (access: PagesAccess): PageOperation =>
  forFormVisitor(access, ['payment'], async (request, visitor) => {
    const form = formPost(request);
    const fields = { amount: form.get('amount') ?? '', paidAt: form.get('paidAt') ?? '' };
    const { dealId, invoiceId } = visitor.ticket.subject;
    const invoice = await ticketInvoice(access.store, visitor.ticket);
    const formToken = form.get('formToken') ?? '';
    const back = await listReturn(access, request, visitor);
    const redraw = async (changes: Partial<PaymentForm>, status: number): Promise<PageResponse> => {
      const token = changes.formToken ?? (await renewedFormToken(access, visitor, formToken));
      return draw(
        access,
        visitor,
        invoice,
        { fields, listUrl: back?.url, ...changes, formToken: token },
        status,
      );
    };
    const messages = paymentMessages(fields, invoice.currency);
    if (messages.length > 0) return redraw({ messages }, 400);
    const submission = await submit(access, visitor, formToken, (idempotencyKey) => ({
      action: 'payment',
      dealId,
      invoiceId: invoiceId ?? invoice.invoiceId,
      version: formVersion(form),
      payment: paymentInputOf(fields),
      idempotencyKey,
    }));
    if (submission.kind === 'late') {
      const notices = [{ kind: 'error' as const, text: LATE }];
      return redraw({ formToken: newFormToken(access, visitor), notices }, 409);
    }
    return answerPage(invoice, submission.answer, redraw, () => formEnd(access, back, submission.answer));
  });

const takesPayments = (invoice: Invoice): boolean => statusAllows(settle(invoice).status, 'payment');

function answerPage(
  invoice: Invoice,
  { status, reason, body }: RepAnswer,
  redraw: (changes: Partial<PaymentForm>, status: number) => Promise<PageResponse>,
  end: () => PageResponse | Promise<PageResponse>,
): PageResponse | Promise<PageResponse> {
  switch (reason) {
    case 'invalid-fields':
      return redraw({ messages: fieldMessages(body.errors ?? [], [], invoice.currency) }, status);
    case 'version-moved':
      return takesPayments(invoice) ? redraw({ notices: [{ kind: 'error', text: MOVED }] }, status) : end();
    case 'not-allowed':
    case 'busy':
    case 'unavailable':
      return redraw({ notices: [{ kind: 'error', text: body.message }] }, status);
    default:
      return end();
  }
}

function draw(
  { publicBaseUrl }: PagesAccess,
  { ticketText }: Visitor,
  invoice: Invoice,
  form: { fields: PaymentFields; formToken: string; listUrl: string | undefined } & Partial<PaymentForm>,
  status: number,
): PageResponse {
  const { currency, total, customer } = invoice;
  const title = `Record a payment on ${invoiceTitle(invoice)}`;
  const main = renderPaymentForm({
    title,
    customer: customer.name,
    total: amountText(total, currency),
    balance: amountText(settle(invoice).balance, currency),
    currency,
    version: invoice.version,
    renewUrl: `${publicBaseUrl}/pages/form-token?ticket=${encodeURIComponent(ticketText)}`,
    messages: [],
    notices: [],
    ...form,
  });
  return { status, body: pageShell({ title, publicBaseUrl, main }) };
}
