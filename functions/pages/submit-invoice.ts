import type { PageOperation, PageResponse } from '../http/html-handler.ts';
import type { Invoice } from '../invoices/invoice.ts';
import { mayDo } from '../rep/policy.ts';
import type { RepAnswer } from '../rep/rep-answer.ts';
import type { RepRequest } from '../rep/rep-request.ts';
import type { TicketSubject } from '../rep/ticket.ts';
import { editedLines, type LineEdit, lineEditOf } from './edit-lines.ts';
import { fieldMessages } from './field-messages.ts';
import { formEnd } from './form-end.ts';
import { invoiceMessages } from './form-messages.ts';
import { formPost, formVersion } from './form-post.ts';
import { forFormVisitor } from './form-visitor.ts';
import { type InvoiceFields, invoiceInput, readInvoiceFields } from './invoice-fields.ts';
import type { InvoiceForm } from './invoice-form.ts';
import { editTitle, invoiceFormResponse, NEW_TITLE, policyOf } from './invoice-form-pages.ts';
import { type ListReturn, listReturn } from './list-return.ts';
import type { PagesAccess, Visitor } from './page-access.ts';
import { type StatedDraft, statedDraft } from './stated-draft.ts';
import { newFormToken, renewedFormToken, submit } from './submission.ts';
import { withProduct } from './take-product.ts';
import { knownInvoice } from './ticket-invoice.ts';

/** The form as it came, and what draws it again. */
interface Sent {
  fields: InvoiceFields;
  version: number | undefined;
  title: string;
  /** The draft that is edited, where it is on the ticket's deal and its total was stated. */
  draft: StatedDraft | undefined;
  /** The list that it was opened from. */
  back: ListReturn | undefined;
  redraw: (changes: Redrawing, status: number) => Promise<PageResponse>;
}

type Redrawing = Partial<
  Pick<InvoiceForm, 'fields' | 'formToken' | 'messages' | 'notices' | 'search' | 'note'>
>;

const LATE =
  'This form was open for more than 15 minutes, so nothing was saved yet. Everything you typed is still here: look it over and save again.';

/** `POST /pages/invoices/new` and `POST /pages/invoices/{invoiceId}/edit`: saves the form, or draws it again with what was asked for. */
export const submitInvoice = (access: PagesAccess): PageOperation =>
  forFormVisitor(access, ['new', 'edit'], async (request, visitor) => {
    const { ticket } = visitor;
    const { subject } = ticket;
    const invoice = subject.page === 'edit' ? await knownInvoice(access.store, ticket) : undefined;
    const form = formPost(request);
    const formToken = form.get('formToken') ?? '';
    const pressed = form.get('do') ?? 'save';
    const back = await listReturn(access, request, visitor);
    const sent: Sent = {
      back,
      fields: readInvoiceFields(form),
      version: formVersion(form),
      title: titleOf(subject, invoice),
      draft: invoice?.dealId === subject.dealId ? statedDraft(invoice) : undefined,
      redraw: (changes, status) => redraw(access, visitor, sent, formToken, changes, status),
    };
    const edit = lineEditOf(pressed);
    if (edit) return sent.redraw(await lineEdit(access, visitor, sent.fields, edit), 200);

    const messages = invoiceMessages(sent.fields, sent.draft);
    if (messages.length > 0) return sent.redraw({ messages }, 400);
    const submission = await submit(access, visitor, formToken, (idempotencyKey) =>
      repRequest(subject, sent, pressed === 'issue', idempotencyKey),
    );
    if (submission.kind === 'late') {
      const renewed = newFormToken(access, visitor);
      return sent.redraw({ formToken: renewed, notices: [{ kind: 'error', text: LATE }] }, 409);
    }
    return answerPage(access, request.rawQuery, sent, submission.answer);
  });

const repRequest = (
  subject: TicketSubject,
  { fields, version }: Sent,
  issue: boolean,
  idempotencyKey: string,
): RepRequest => {
  const { dealId } = subject;
  const common = { dealId, fields: invoiceInput(fields).input, issue, idempotencyKey };
  return subject.invoiceId === undefined
    ? { action: 'create', ...common }
    : { action: 'edit', invoiceId: subject.invoiceId, version, ...common };
};

/** Done is done; what the rep can mend is shown in the form again with everything typed; the rest says why it can't be. */
function answerPage(
  access: PagesAccess,
  rawQuery: string,
  sent: Sent,
  answer: RepAnswer,
): PageResponse | Promise<PageResponse> {
  const { status, reason, body } = answer;
  switch (reason) {
    case 'invalid-fields': {
      const { lineIndexes } = invoiceInput(sent.fields);
      return sent.redraw(
        { messages: fieldMessages(body.errors ?? [], lineIndexes, sent.fields.currency) },
        status,
      );
    }
    case 'version-moved': {
      const link = { url: `?${rawQuery}`, label: 'Open it as it is now' };
      return sent.redraw({ notices: [{ kind: 'error', text: body.message, link }] }, status);
    }
    case 'not-allowed':
    case 'busy':
    case 'unavailable':
    case 'amount-too-large':
    case 'invoice-too-large':
      return sent.redraw({ notices: [{ kind: 'error', text: body.message }] }, status);
    default:
      return formEnd(access, sent.back, answer);
  }
}

async function redraw(
  access: PagesAccess,
  visitor: Visitor,
  { fields, version, title, draft, back }: Sent,
  formToken: string,
  changes: Redrawing,
  status: number,
): Promise<PageResponse> {
  const { rep } = visitor.ticket;
  const policy = await policyOf(access, rep);
  const form = {
    title,
    fields,
    formToken: changes.formToken ?? (await renewedFormToken(access, visitor, formToken)),
    version,
    draft,
    mayIssue: mayDo(policy, rep.email, 'issue'),
    messages: [],
    notices: [],
    listUrl: back?.url,
    ...changes,
  };
  return invoiceFormResponse(access, visitor, form, status);
}

const titleOf = ({ invoiceId }: TicketSubject, invoice: Invoice | undefined): string =>
  invoiceId === undefined ? NEW_TITLE : editTitle(invoice ?? { number: null, invoiceId });

const GONE = 'The description was changed since the product was found: find the product again.';

/** What a button that edits the lines comes to, for a browser without the script. */
async function lineEdit(
  { ports }: PagesAccess,
  { ticket }: Visitor,
  fields: InvoiceFields,
  edit: LineEdit,
): Promise<Redrawing> {
  if (edit.kind !== 'find-product' && edit.kind !== 'take-product') {
    return { fields: { ...fields, lines: editedLines(fields.lines, edit) } };
  }
  const { line } = edit;
  const text = fields.lines[line]?.description.trim() ?? '';
  const found = await ports.findProducts(ticket.rep.portalId, text);
  if (edit.kind === 'find-product') return { search: { line, found } };
  const products = found.kind === 'found' ? found.products : [];
  const product = products.find(({ externalId }) => externalId === edit.externalId);
  if (!product) return { note: { line, text: GONE } };
  const { fields: taken, note } = withProduct(fields, line, product);
  return { fields: taken, ...(note === undefined ? {} : { note: { line, text: note } }) };
}
