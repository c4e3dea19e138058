import type { InvoiceId, PortalId } from '../invoices/identifiers.ts';
import type { IsoDateTime, Origin } from '../invoices/invoice.ts';
import type { LedgerItem } from '../invoices/ledger-items.ts';
import { feedEntryKey } from '../invoices/ledger-keys.ts';

const DAY_MS = 86_400_000;

/** A numbered pointer to an event. The numbers of a portal's entries begin with 1 and have no gaps. */
export interface FeedEntry {
  sequence: number;
  invoiceId: InvoiceId;
  version: number;
  at: IsoDateTime;
  origin: Origin;
}

/** The entry as it is stored; DynamoDB removes it some time after the retention is over. */
export const feedEntryItem = (portalId: PortalId, entry: FeedEntry, retentionDays: number): LedgerItem => ({
  ...feedEntryKey(portalId, entry.sequence),
  ...entry,
  expiresAt: Math.ceil((Date.parse(entry.at) + retentionDays * DAY_MS) / 1000),
});

export function feedEntryFromItem(item: Record<string, unknown>): FeedEntry {
  const { sequence, invoiceId, version, at, origin } = item as unknown as FeedEntry;
  return { sequence, invoiceId, version, at, origin };
}

/** Whether the retention of an entry is over at this moment (epoch milliseconds): removal itself comes later, in no order. */
export const isExpired = (entry: FeedEntry, retentionDays: number, now: number): boolean =>
  Date.parse(entry.at) < now - retentionDays * DAY_MS;
