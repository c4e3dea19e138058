import { encodeCursor, PAGE_BYTES, pageBytes } from '../http/paging.ts';
import type { InvoiceId, PortalId } from '../invoices/identifiers.ts';
import type { IsoDate } from '../invoices/invoice.ts';
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

/**
 * Fills a page with whole invoices. `entries` has one more than `limit` where there is a next page. Invoices that went away since
 * their row was read are left out.
 */
export async function invoicePage(
  store: LedgerStore,
  portalId: PortalId,
  entries: readonly PageEntry[],
  limit: number,
  today: IsoDate,
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
      if (!invoice) continue;
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
