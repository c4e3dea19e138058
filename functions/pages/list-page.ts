import type { PageOperation, PageResponse } from '../http/html-handler.ts';
import type { DealRow } from '../invoices/deal-row.ts';
import type { DealId, PortalId } from '../invoices/identifiers.ts';
import type { LedgerStore } from '../invoices/ledger-store.ts';
import { pagePath } from '../rep/page-urls.ts';
import { mayDo } from '../rep/policy.ts';
import { formPost, formVersion } from './form-post.ts';
import type { Notice } from './invoice-form.ts';
import { policyOf } from './invoice-form-pages.ts';
import { confirmationFor, listActionAsked } from './list-actions.ts';
import { arrangeRows, type ListQuery, readListQuery } from './list-query.ts';
import { forVisitor, type PagesAccess, portalToday, signerFor, type Visitor } from './page-access.ts';
import { pageShell } from './page-shell.ts';
import { type InvoiceList, renderList } from './render-list.ts';
import { submit } from './submission.ts';

export const ROWS_PER_PAGE = 25;

/** `GET /pages/deals/{dealId}/invoices`: every invoice of the deal, a page at a time, with the deal's totals. */
export const listPage = (access: PagesAccess): PageOperation =>
  forVisitor(access, ['list'], async (request, visitor) => {
    const query = readListQuery(request.query);
    const asked = listActionAsked(request.query);
    const confirmation = asked && (await confirmationFor(access, visitor, asked));
    if (asked && !confirmation) return drawList(access, visitor, query, { notice: NOT_ANY_MORE }, 409);
    return drawList(access, visitor, query, confirmation ? { confirmation } : {}, 200);
  });

/** `POST /pages/deals/{dealId}/invoices`: does what the rep has confirmed, and shows the list as it is then. */
export const submitListAction = (access: PagesAccess): PageOperation =>
  forVisitor(access, ['list'], async (request, visitor) => {
    const form = formPost(request);
    const asked = listActionAsked(form);
    const query = readListQuery(request.query);
    if (!asked) return drawList(access, visitor, query, {}, 400);
    const submission = await submit(access, visitor, form.get('formToken') ?? '', (idempotencyKey) => ({
      action: asked.action,
      invoiceId: asked.invoiceId,
      dealId: visitor.ticket.subject.dealId,
      version: formVersion(form),
      idempotencyKey,
    }));
    if (submission.kind === 'late') {
      const confirmation = await confirmationFor(access, visitor, asked);
      return drawList(
        access,
        visitor,
        query,
        { notice: LATE, ...(confirmation ? { confirmation } : {}) },
        409,
      );
    }
    const { status, reason, body } = submission.answer;
    const kind = reason === undefined ? 'success' : 'error';
    return drawList(access, visitor, query, { notice: { kind, text: body.message } }, status);
  });

const NOT_ANY_MORE: Notice = {
  kind: 'error',
  text: 'This can’t be done any more: the invoice has changed. The list shows it as it is now.',
};

const LATE: Notice = {
  kind: 'error',
  text: 'This was open for more than 15 minutes, so nothing was changed yet. Confirm it once more.',
};

/** The list as a page, with what was done or is to be confirmed before it. */
export async function drawList(
  access: PagesAccess,
  visitor: Visitor,
  query: ListQuery,
  extra: Pick<InvoiceList, 'notice' | 'confirmation'>,
  status: number,
): Promise<PageResponse> {
  const { rep, subject } = visitor.ticket;
  const { dealId } = subject;
  const [policy, today, summary] = await Promise.all([
    policyOf(access, rep),
    portalToday(access, rep.portalId),
    access.store.dealSummary(rep.portalId, dealId),
  ]);
  const rows = await dealRows(access.store, rep.portalId, dealId, rowsNeeded(query));
  const arranged = arrangeRows(rows, query, today);
  const count = isWholeList(query) ? summary.invoiceCount : arranged.length;
  const signer = signerFor(access, visitor);
  const title = 'All invoices of this deal';
  const main = renderList({
    ...extra,
    title,
    query,
    summary,
    today,
    rows: shownRows(arranged, query, count),
    pageCount: pageCount(count),
    address: `${access.publicBaseUrl}${pagePath(subject)}`,
    ticketText: visitor.ticketText,
    policy,
    email: rep.email,
    signer,
    dealId,
    mayCreate: mayDo(policy, rep.email, 'create'),
  });
  return { status, body: pageShell({ title, publicBaseUrl: access.publicBaseUrl, main }) };
}

/** The list in the ledger's own order and unfiltered needs no more rows than come before its page's end. */
const isWholeList = ({ sort, status }: ListQuery): boolean => sort === 'urgency' && status === undefined;

const rowsNeeded = (query: ListQuery): number =>
  isWholeList(query) ? query.page * ROWS_PER_PAGE : Number.POSITIVE_INFINITY;

const pageCount = (count: number): number => Math.max(1, Math.ceil(count / ROWS_PER_PAGE));

/** A page after the last shows the last: rows may have gone since the link was drawn. */
function shownRows(rows: readonly DealRow[], { page }: ListQuery, count: number): DealRow[] {
  const start = (Math.min(page, pageCount(count)) - 1) * ROWS_PER_PAGE;
  return rows.slice(start, start + ROWS_PER_PAGE);
}

const READ_AT_ONCE = 500;

/** The first rows of a deal, in the card's order. A read may end early, by DynamoDB's limit of a megabyte: only an empty one is the end. */
async function dealRows(
  store: Pick<LedgerStore, 'rowsAfter'>,
  portalId: PortalId,
  dealId: DealId,
  needed: number,
): Promise<DealRow[]> {
  const rows: DealRow[] = [];
  let after: string | undefined;
  while (rows.length < needed) {
    const limit = Math.min(READ_AT_ONCE, needed - rows.length);
    const read = await store.rowsAfter(portalId, dealId, after, limit);
    if (read.length === 0) break;
    after = read.at(-1)?.sortKey;
    rows.push(...read.map(({ row }) => row));
  }
  return rows;
}
