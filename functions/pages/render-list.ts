import { STATUS_LABELS } from '../card/card-definition.ts';
import type { DealRow } from '../invoices/deal-row.ts';
import type { DealSummary } from '../invoices/deal-summary.ts';
import type { DealId } from '../invoices/identifiers.ts';
import type { IsoDate } from '../invoices/invoice.ts';
import { availableActions } from '../rep/available-actions.ts';
import { titledRows } from '../rep/invoice-title.ts';
import { LISTED_STATUSES, listedStatus } from '../rep/listed-status.ts';
import { type FrameSigner, type PageTarget, pageUrl } from '../rep/page-urls.ts';
import type { Policy } from '../rep/policy.ts';
import { INVOICE_PAGES, type InvoicePageName } from '../rep/ticket.ts';
import { amountText } from './amount-text.ts';
import { optionList } from './form-field.ts';
import { type Html, html, NOTHING } from './html.ts';
import { ICONS } from './icons.ts';
import { type Notice, renderNotice } from './invoice-form.ts';
import { type Confirmation, LIST_ACTION_WORDS, LIST_ACTIONS, renderConfirmation } from './list-actions.ts';
import { type ListQuery, listLink, type Sort } from './list-query.ts';
import { withListReturn } from './list-return.ts';
import { pageTitle } from './page-title.ts';

/** A page of a deal's invoices, as it is drawn. */
export interface InvoiceList {
  title: string;
  query: ListQuery;
  summary: DealSummary;
  today: IsoDate;
  rows: readonly DealRow[];
  pageCount: number;
  /** The list's own, without a query: a form that was answered draws the list too, at its own address. */
  address: string;
  ticketText: string;
  policy: Policy;
  email: string | undefined;
  signer: FrameSigner;
  dealId: DealId;
  /** Whether the policy lets this user create. */
  mayCreate: boolean;
  /** What was just done, or could not be. */
  notice?: Notice;
  /** What the rep is to confirm. */
  confirmation?: Confirmation;
}

export const renderList = (list: InvoiceList): Html => html`${pageTitle(list.title)}
${list.notice ? renderNotice(list.notice) : NOTHING}${
  list.confirmation ? renderConfirmation(titledInList(list.confirmation, list.rows), listUrl(list)) : NOTHING
}${sums(list.summary)}<div class="toolbar">
${statusFilter(list)}${list.mayCreate ? html`<a href="${frameUrl(list, { page: 'new', dealId: list.dealId })}">Create invoice</a>` : NOTHING}
</div>
${
  list.rows.length === 0
    ? html`<p class="quiet">${list.query.status === undefined ? 'This deal has no invoices yet.' : 'No invoice has this status.'}</p>`
    : table(list)
}${pages(list)}<p><button class="button" type="button" data-close="DONE" hidden>Close</button></p>
`;

/** The list's address with changes to what is asked for. */
const listUrl = ({ address, query, ticketText }: InvoiceList, changes: Partial<ListQuery> = {}): string =>
  `${address}${listLink(query, changes, ticketText)}`;

/** The address of a form, which leads back to the list as it is. */
const frameUrl = ({ signer, query, ticketText }: InvoiceList, target: PageTarget): string =>
  withListReturn(pageUrl(target, signer), query, ticketText);

/** The question about an invoice calls it what the list does. */
function titledInList(confirmation: Confirmation, rows: readonly DealRow[]): Confirmation {
  const listed = titledRows(rows).find(({ row }) => row.invoiceId === confirmation.invoiceId);
  return listed ? { ...confirmation, title: listed.title } : confirmation;
}

const COUNTS = new Intl.NumberFormat('en-US');

/** Totals of different currencies are never added: each has its own. */
function sums({ invoiceCount, draftCount, voidCount, currencies }: DealSummary): Html {
  const counted = (count: number, one: string, many: string): string =>
    `${COUNTS.format(count)} ${count === 1 ? one : many}`;
  const counts = [
    counted(invoiceCount, 'invoice', 'invoices'),
    ...(draftCount > 0 ? [counted(draftCount, 'draft', 'drafts')] : []),
    ...(voidCount > 0 ? [`${COUNTS.format(voidCount)} void`] : []),
  ].join(', ');
  return html`<section class="sums" aria-label="Totals">
<p class="small quiet">${counts}. Drafts and void invoices are not in the totals.</p>
${currencies.map(
  ({ currency, total, amountPaid, balance }) => html`<dl>
<div><dt>Total</dt><dd>${amountText(total, currency)}</dd></div>
<div><dt>Paid</dt><dd>${amountText(amountPaid, currency)}</dd></div>
<div><dt>Balance due</dt><dd>${amountText(balance, currency)}</dd></div>
</dl>
`,
)}</section>
`;
}

const statusFilter = ({
  address,
  query,
  ticketText,
}: InvoiceList): Html => html`<form method="get" action="${address}" class="filter">
<input type="hidden" name="ticket" value="${ticketText}">
${query.sort === 'urgency' ? NOTHING : html`<input type="hidden" name="sort" value="${query.sort}">`}
${query.descending ? html`<input type="hidden" name="order" value="descending">` : NOTHING}
<div><label for="status">Status</label>
<select id="status" name="status"><option value="">All</option>${optionList(
  LISTED_STATUSES.map((status): [string, string] => [status, STATUS_LABELS[status].label]),
  query.status ?? '',
)}</select></div>
<button class="button">Filter</button>
</form>
`;

const COLUMNS: readonly { sort: Sort; label: string; isAmount?: boolean }[] = [
  { sort: 'number', label: 'Invoice' },
  { sort: 'customer', label: 'Customer' },
  { sort: 'urgency', label: 'Status' },
  { sort: 'issued', label: 'Issued' },
  { sort: 'due', label: 'Due' },
  { sort: 'total', label: 'Total', isAmount: true },
  { sort: 'balance', label: 'Balance due', isAmount: true },
];

/** The style sheet lays the table out as a grid, which in some browsers takes the roles away that are named here. */
const table = (list: InvoiceList): Html => html`<table role="table" aria-label="${list.title}">
<thead role="rowgroup"><tr role="row">
${COLUMNS.map((column) => columnHead(column, list))}<th role="columnheader" scope="col">Actions</th>
</tr></thead>
<tbody role="rowgroup">
${titledRows(list.rows).map(({ row, title }) => tableRow(row, title, list))}</tbody>
</table>
`;

/** Urgency is an order of its own, with one direction; the others turn round when they are chosen again. */
function columnHead({ sort, label, isAmount }: (typeof COLUMNS)[number], list: InvoiceList): Html {
  const { query } = list;
  const isSorted = query.sort === sort;
  const isTurnable = isSorted && sort !== 'urgency';
  const descending = isTurnable && !query.descending;
  const sorted = html` aria-sort="${query.descending ? 'descending' : 'ascending'}"`;
  return html`<th role="columnheader" scope="col"${isAmount ? html` class="amount"` : NOTHING}${
    isTurnable ? sorted : NOTHING
  }><a href="${listUrl(list, { sort, descending, page: 1 })}">${label}${isTurnable ? ICONS[query.descending ? 'down' : 'up'] : NOTHING}</a></th>
`;
}

function tableRow(row: DealRow, title: string, list: InvoiceList): Html {
  const status = listedStatus(row, list.today);
  return html`<tr role="row">
<th role="rowheader" scope="row"><bdi>${title}</bdi></th>
<td role="cell" data-label="Customer"><bdi>${row.customerName}</bdi></td>
<td role="cell" data-label="Status"><span class="tag tag-${status}">${STATUS_LABELS[status].label}</span></td>
<td role="cell" data-label="Issued" class="date">${dateText(row.issueDate)}</td>
<td role="cell" data-label="Due" class="date">${dateText(row.dueDate)}</td>
<td role="cell" data-label="Total" class="amount">${amountText(row.total, row.currency)}</td>
<td role="cell" data-label="Balance due" class="amount">${amountText(row.balance, row.currency)}</td>
<td role="cell"><span class="row-actions">${frameLinks(row, title, list)}${confirmLinks(row, title, list)}</span></td>
</tr>
`;
}

/** The day, month and year as people read them. */
const dateText = (date: IsoDate): string => DATES.format(Date.parse(date));
const DATES = new Intl.DateTimeFormat('en-US', { dateStyle: 'medium', timeZone: 'UTC' });

const LINK_WORDS: Record<InvoicePageName, string> = { pdf: 'PDF', edit: 'Edit', payment: 'Record payment' };

/** What a page can do of the invoice's actions; a PDF has no way back, so it opens beside the frame. */
function frameLinks(row: DealRow, title: string, list: InvoiceList): Html[] {
  const { policy, email, signer, dealId } = list;
  const offered = availableActions(row, policy, email);
  const { invoiceId, version } = row;
  return INVOICE_PAGES.filter((page) => offered.includes(page)).map((page) => {
    const target = { page, dealId, invoiceId, version };
    const label = html`aria-label="${LINK_WORDS[page]}, ${title}"`;
    return page === 'pdf'
      ? html`<a href="${pageUrl(target, signer)}" ${label} target="_blank" rel="noopener noreferrer">${LINK_WORDS[page]}</a>`
      : html`<a href="${frameUrl(list, target)}" ${label}>${LINK_WORDS[page]}</a>`;
  });
}

/** What the list does itself, after a question. */
function confirmLinks(row: DealRow, title: string, list: InvoiceList): Html[] {
  const { policy, email } = list;
  const offered = availableActions(row, policy, email);
  return LIST_ACTIONS.filter((action) => offered.includes(action)).map((action) => {
    const words = LIST_ACTION_WORDS[action];
    const link = `${listUrl(list)}&confirm=${action}&invoice=${row.invoiceId}`;
    return html`<a href="${link}" aria-label="${words}, ${title}">${words}</a>`;
  });
}

function pages(list: InvoiceList): Html {
  const { query, pageCount } = list;
  if (pageCount === 1) return NOTHING;
  const page = Math.min(query.page, pageCount);
  const link = (to: number, label: string): Html =>
    to < 1 || to > pageCount
      ? html`<span></span>`
      : html`<a href="${listUrl(list, { page: to })}">${label}</a>`;
  return html`<nav class="pages" aria-label="Pages">${link(page - 1, 'Previous page')}<span class="small quiet">Page ${page} of ${pageCount}</span>${link(page + 1, 'Next page')}</nav>
`;
}
