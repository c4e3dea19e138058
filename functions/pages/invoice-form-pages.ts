import type { PageOperation, PageResponse } from '../http/html-handler.ts';
import { Problem } from '../http/problem.ts';
import type { Invoice } from '../invoices/invoice.ts';
import { settle } from '../invoices/settlement.ts';
import { statusAllows } from '../rep/available-actions.ts';
import { invoiceTitle } from '../rep/invoice-title.ts';
import { mayDo, type Policy, readPolicy } from '../rep/policy.ts';
import type { Rep } from '../rep/rep.ts';
import { type InvoiceForm, type Notice, renderInvoiceForm } from './invoice-form.ts';
import { listReturn } from './list-return.ts';
import { forVisitor, type PagesAccess, portalToday, type Visitor } from './page-access.ts';
import { pageShell } from './page-shell.ts';
import type { DealLines } from './ports.ts';
import { invoiceFields, newInvoiceFields } from './starting-fields.ts';
import { statedDraft } from './stated-draft.ts';
import { newFormToken } from './submission.ts';
import { ticketInvoice } from './ticket-invoice.ts';

/** `GET /pages/invoices/new`: a new invoice's form, begun with what the deal tells. */
export const newInvoicePage = (access: PagesAccess): PageOperation =>
  forVisitor(access, ['new'], async (request, visitor) => {
    const { rep, subject } = visitor.ticket;
    const policy = await policyOf(access, rep);
    if (!mayDo(policy, rep.email, 'create')) throw forbidden('create invoices');
    const [today, dealLines, { rows }] = await Promise.all([
      portalToday(access, rep.portalId),
      access.ports.dealLineItems(rep.portalId, subject.dealId),
      access.store.dealTop(rep.portalId, subject.dealId, 1),
    ]);
    const [latest] = await access.store.invoices(
      rep.portalId,
      rows.map(({ row }) => row.invoiceId),
    );
    return invoiceFormResponse(access, visitor, {
      title: NEW_TITLE,
      fields: newInvoiceFields(today, latest, dealLines),
      formToken: newFormToken(access, visitor),
      mayIssue: mayDo(policy, rep.email, 'issue'),
      notices: dealLinesNotice(dealLines),
      messages: [],
      listUrl: (await listReturn(access, request, visitor))?.url,
    });
  });

/** `GET /pages/invoices/{invoiceId}/edit`: the form of a draft as it is. */
export const editInvoicePage = (access: PagesAccess): PageOperation =>
  forVisitor(access, ['edit'], async (request, visitor) => {
    const { ticket } = visitor;
    const { rep } = ticket;
    const [policy, invoice] = await Promise.all([policyOf(access, rep), ticketInvoice(access.store, ticket)]);
    if (!mayDo(policy, rep.email, 'edit', invoice)) throw forbidden(`change ${invoiceTitle(invoice)}`);
    if (!statusAllows(settle(invoice).status, 'edit')) {
      throw conflict(`${invoiceTitle(invoice)} was issued, and only a draft can be changed.`);
    }
    return invoiceFormResponse(access, visitor, {
      title: editTitle(invoice),
      fields: invoiceFields(invoice),
      formToken: newFormToken(access, visitor),
      version: invoice.version,
      draft: statedDraft(invoice),
      mayIssue: mayDo(policy, rep.email, 'issue'),
      notices: [],
      messages: [],
      listUrl: (await listReturn(access, request, visitor))?.url,
    });
  });

export const NEW_TITLE = 'New invoice';
export const editTitle = (invoice: Pick<Invoice, 'number' | 'invoiceId'>): string =>
  `Edit ${invoiceTitle(invoice)}`;

/** The form as a page. */
export const invoiceFormResponse = (
  { publicBaseUrl }: PagesAccess,
  { ticketText }: Visitor,
  form: Omit<InvoiceForm, 'services'>,
  status = 200,
): PageResponse => {
  const ticket = `ticket=${encodeURIComponent(ticketText)}`;
  const services = {
    renewUrl: `${publicBaseUrl}/pages/form-token?${ticket}`,
    productsUrl: `${publicBaseUrl}/pages/products?${ticket}`,
  };
  return {
    status,
    body: pageShell({ title: form.title, publicBaseUrl, main: renderInvoiceForm({ ...form, services }) }),
  };
};

export const policyOf = async (access: PagesAccess, { portalId }: Rep): Promise<Policy> =>
  readPolicy((await access.settings(portalId)).policy);

/** The refusal of a page, in words that follow "You are not allowed to". */
export const forbidden = (what: string): Problem =>
  new Problem({
    status: 403,
    kind: 'forbidden',
    title: 'Not allowed',
    detail: `You are not allowed to ${what}.`,
  });

/** The refusal of a page that the invoice's state has no place for. */
export const conflict = (detail: string): Problem =>
  new Problem({ status: 409, kind: 'status-forbids', title: 'The invoice’s state forbids it', detail });

function dealLinesNotice(dealLines: DealLines): Notice[] {
  if (dealLines.kind === 'unavailable') return [{ kind: 'info', text: dealLines.notice }];
  if (dealLines.lines.length === 0) return [];
  return [
    { kind: 'info', text: 'The lines below are the deal’s line items. Look them over before you save.' },
  ];
}
