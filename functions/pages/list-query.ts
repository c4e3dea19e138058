import type { DealRow } from '../invoices/deal-row.ts';
import type { IsoDate } from '../invoices/invoice.ts';
import { naturalOrderKey } from '../invoices/natural-order.ts';
import { LISTED_STATUSES, type ListedStatus, listedStatus } from '../rep/listed-status.ts';

/** What the list can be ordered by; `urgency` is the card's own order. */
export const SORTS = ['urgency', 'number', 'customer', 'issued', 'due', 'total', 'balance'] as const;
export type Sort = (typeof SORTS)[number];

/** How a list is asked for in its address. */
export interface ListQuery {
  status: ListedStatus | undefined;
  sort: Sort;
  descending: boolean;
  /** From 1 on. */
  page: number;
}

/** Reads the query; what it doesn't know is left out, since a link that is a little off should still show the list. */
export function readListQuery(query: URLSearchParams): ListQuery {
  const page = query.get('page') ?? '';
  return {
    status: LISTED_STATUSES.find((status) => status === query.get('status')),
    sort: SORTS.find((sort) => sort === query.get('sort')) ?? 'urgency',
    descending: query.get('order') === 'descending',
    page: /^[1-9]\d{0,5}$/.test(page) ? Number(page) : 1,
  };
}

/** The query as it stands in a link, with changes; `ticket` is the visitor's. */
export function listLink(query: ListQuery, changes: Partial<ListQuery>, ticket: string): string {
  const { status, sort, descending, page } = { ...query, ...changes };
  const parameters = new URLSearchParams({
    ...(status === undefined ? {} : { status }),
    ...(sort === 'urgency' ? {} : { sort }),
    ...(descending ? { order: 'descending' } : {}),
    ...(page === 1 ? {} : { page: String(page) }),
    ticket,
  });
  return `?${parameters}`;
}

/** The rows of a status in the order asked for. `rows` are in the card's order, which is what decides between equals. */
export function arrangeRows(rows: readonly DealRow[], query: ListQuery, today: IsoDate): DealRow[] {
  const { status, sort, descending } = query;
  const wanted = status === undefined ? rows : rows.filter((row) => listedStatus(row, today) === status);
  if (sort === 'urgency') return [...wanted];
  const sign = descending ? -1 : 1;
  return wanted.toSorted((a, b) => sign * COMPARE[sort](a, b));
}

const compareTexts = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Amounts of different currencies can't be compared: they stand together by currency. */
const compareAmounts = (part: 'total' | 'balance') => (a: DealRow, b: DealRow) =>
  compareTexts(a.currency, b.currency) || (a[part] < b[part] ? -1 : a[part] > b[part] ? 1 : 0);

const byName = new Intl.Collator('en', { sensitivity: 'base' });

const COMPARE: Record<Exclude<Sort, 'urgency'>, (a: DealRow, b: DealRow) => number> = {
  number: (a, b) => compareTexts(naturalOrderKey(a.number ?? ''), naturalOrderKey(b.number ?? '')),
  customer: (a, b) => byName.compare(a.customerName, b.customerName),
  issued: (a, b) => compareTexts(a.issueDate, b.issueDate),
  due: (a, b) => compareTexts(a.dueDate, b.dueDate),
  total: compareAmounts('total'),
  balance: compareAmounts('balance'),
};
