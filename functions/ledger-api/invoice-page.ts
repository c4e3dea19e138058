import { encodeCursor, PAGE_BYTES, pageBytes } from '../http/paging.ts';
import type { InvoiceId, PortalId } from '../invoices/identifiers.ts';
import type { Invoice, IsoDate } from '../invoices/invoice.ts';
import { type InvoiceJson, invoiceJson } from '../invoices/invoice-json.ts';
import type { LedgerStore } from '../invoices/ledger-store.ts';

/** One invoice of a page, and the position from which the page after it would go on. */
export interface PageEntry {
  invoiceId: InvoiceId;
  position: string;
}

export interface InvoicePage {
  invoices: InvoiceJson[];
  nextCursor?: string;
}

export const USUAL_PAGE = 25;
export const LARGEST_PAGE = 100;

/** Whole invoices are read a few at a time, so that a page of large ones isn't read in vain. */
const READ_AT_ONCE = 20;

/** What a page is filled from. */
export interface PageAsked {
  portalId: PortalId;
  /** One more than `limit` where there is a next page. */
  entries: readonly PageEntry[];
  limit: number;
  /** The portal's: it makes an invoice overdue. */
  today: IsoDate;
  /** Whether an invoice, as it is now, is still one that was asked for. */
  belongs: (invoice: Invoice) => boolean;
}

/** Fills a page with whole invoices. Those that went away, or elsewhere, since their entry was read are left out. */
export async function invoicePage(
  store: Pick<LedgerStore, 'invoices'>,
  { portalId, entries, limit, today, belongs }: PageAsked,
): Promise<InvoicePage> {
  const invoices: InvoiceJson[] = [];
  let bytes = 0;
  for (let start = 0; start < Math.min(limit, entries.length); start += READ_AT_ONCE) {
    const part = entries.slice(start, Math.min(limit, start + READ_AT_ONCE));
    const read = await store.invoices(
      portalId,
      part.map((entry) => entry.invoiceId),
    );
    const byId = new Map(read.map((invoice) => [invoice.invoiceId, invoice]));
    for (const [offset, entry] of part.entries()) {
      const invoice = byId.get(entry.invoiceId);
      if (!invoice || !belongs(invoice)) continue;
      const json = invoiceJson(invoice, today);
      const size = pageBytes(json);
      const previous = entries[start + offset - 1];
      if (bytes + size > PAGE_BYTES && previous) return page(invoices, previous);
      bytes += size;
      invoices.push(json);
    }
  }
  return page(invoices, entries.length > limit ? entries[limit - 1] : undefined);
}

const page = (invoices: InvoiceJson[], last: PageEntry | undefined): InvoicePage => ({
  invoices,
  ...(last ? { nextCursor: encodeCursor(last.position) } : {}),
});
