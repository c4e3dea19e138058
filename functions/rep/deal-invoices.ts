import { ROW_CLASS, ROW_PREFIX } from '../invoices/deal-row.ts';
import type { DealId, PortalId } from '../invoices/identifiers.ts';
import type { IsoDate } from '../invoices/invoice.ts';
import type { LedgerStore, PlacedRow } from '../invoices/ledger-store.ts';
import { type ListedStatus, listedStatus } from './listed-status.ts';

export interface InvoicesAsked {
  portalId: PortalId;
  dealId: DealId;
  /** At most so many rows. */
  limit: number;
  /** The sort key after which the page begins; from the start without one. */
  after?: string | undefined;
  /** All of them without one. */
  status?: ListedStatus | undefined;
  /** The portal's: it makes an invoice overdue. */
  today: IsoDate;
}

/** A page of a deal's rows. `next` is the sort key after which the next page begins; left out at the end. */
export interface RowPage {
  rows: PlacedRow[];
  next?: string;
}

/** How many rows one page may look through for a status: the page is then short, or empty, and has a `next`. */
const MOST_LOOKED_THROUGH = 1000;

/** A deal's invoices in the card's order, a page at a time, all or those of one status. */
export async function dealInvoices(
  store: Pick<LedgerStore, 'rowsAfter'>,
  { portalId, dealId, limit, after, status, today }: InvoicesAsked,
): Promise<RowPage> {
  const section = status && sectionOf(status, today);
  let position = section && (after === undefined || after < section.start) ? section.start : after;
  const rows: PlacedRow[] = [];
  const chunk = status === undefined ? limit + 1 : Math.max(100, limit + 1);
  for (let lookedThrough = 0; lookedThrough < MOST_LOOKED_THROUGH; lookedThrough += chunk) {
    const read = await store.rowsAfter(portalId, dealId, position, chunk);
    for (const placed of read) {
      const listed = listedStatus(placed.row, today);
      if (section && !placed.sortKey.startsWith(section.prefix)) return { rows };
      if (status === 'overdue' && listed !== 'overdue') return { rows };
      if (status === undefined || listed === status) {
        if (rows.length === limit) return { rows, ...(position === undefined ? {} : { next: position }) };
        rows.push(placed);
      }
      position = placed.sortKey;
    }
    if (read.length < chunk) return { rows };
  }
  return { rows, ...(position === undefined ? {} : { next: position }) };
}

/** Where the rows of a status begin and what all sort keys of its class begin with. Open rows are sorted by due date, overdue ones first. */
function sectionOf(status: ListedStatus, today: IsoDate): { start: string; prefix: string } {
  const prefix = `${ROW_PREFIX}${ROW_CLASS[status === 'overdue' ? 'open' : status]}#`;
  const isNotDueYet = status === 'open' || status === 'partially_paid';
  return { start: isNotDueYet ? `${prefix}${today}` : prefix, prefix };
}
