import { dateInTimeZone } from '../invoices/calendar.ts';
import type { PortalId } from '../invoices/identifiers.ts';
import type { Invoice, IsoDate } from '../invoices/invoice.ts';
import { type InvoiceJson, invoiceJson } from '../invoices/invoice-json.ts';
import type { Ledger } from '../invoices/ledger.ts';
import type { LedgerStore } from '../invoices/ledger-store.ts';
import type { ReadSettings } from '../invoices/settings-cache.ts';

/** What the accounting system's operations work with. */
export interface LedgerAccess {
  ledger: Ledger;
  store: LedgerStore;
  settings: ReadSettings;
  /** Epoch milliseconds. */
  now: () => number;
}

/** The day it is for this portal: what makes an invoice overdue. */
export async function today(access: LedgerAccess, portalId: PortalId): Promise<IsoDate> {
  const { timeZone } = await access.settings(portalId);
  return dateInTimeZone(access.now(), timeZone);
}

/** The invoice as it is answered today. */
export const present = async (
  access: LedgerAccess,
  portalId: PortalId,
  invoice: Invoice,
): Promise<InvoiceJson> => invoiceJson(invoice, await today(access, portalId));
