import { ROW_PREFIX } from '../deal-row.ts';
import {
  asDealId,
  asInvoiceId,
  asPortalId,
  type DealId,
  type InvoiceId,
  type PortalId,
} from '../identifiers.ts';
import { EVENT_PREFIX, INVOICE_SORT_KEY, type LedgerKey, SUMMARY_SORT_KEY } from '../ledger-keys.ts';

/** An item as the document client reads it. */
export type StoredItem = LedgerKey & Record<string, unknown>;

/** Where a row, or the summary, of a deal lies; without a deal the row is one of the unlinked. */
export interface RowPlace {
  portalId: PortalId;
  dealId: DealId | undefined;
}

/** What an item of the ledger's table is, told by its key alone: its attributes are what is being checked. */
export type LedgerItemKind =
  | { kind: 'invoice'; portalId: PortalId; invoiceId: InvoiceId }
  | { kind: 'event'; portalId: PortalId; invoiceId: InvoiceId; version: number }
  /** `invoiceId` is undefined where the sort key holds none. */
  | ({ kind: 'row'; invoiceId: InvoiceId | undefined } & RowPlace)
  | { kind: 'summary'; portalId: PortalId; dealId: DealId }
  | { kind: 'feed-entry'; portalId: PortalId; sequence: number }
  | { kind: 'other' };

const PARTITION = /^(\d+)#(invoice|deal|unlinked|feed)(?:#(.+))?$/s;
const OTHER: LedgerItemKind = { kind: 'other' };

/** Reads an item's key. Settings, outcomes and the portal's sequence are `other`. */
export function ledgerItemKind({ pk, sk }: LedgerKey): LedgerItemKind {
  const [, portal = '', partition, rest = ''] = PARTITION.exec(pk) ?? [];
  const portalId = asPortalId(portal);
  if (!portalId) return OTHER;
  switch (partition) {
    case 'invoice':
      return invoicePart(portalId, rest, sk);
    case 'deal': {
      const dealId = asDealId(rest);
      if (!dealId) return OTHER;
      return sk === SUMMARY_SORT_KEY ? { kind: 'summary', portalId, dealId } : row({ portalId, dealId }, sk);
    }
    case 'unlinked':
      return row({ portalId, dealId: undefined }, sk);
    case 'feed':
      return /^\d+$/.test(sk) ? { kind: 'feed-entry', portalId, sequence: Number(sk) } : OTHER;
    default:
      return OTHER;
  }
}

function invoicePart(portalId: PortalId, id: string, sk: string): LedgerItemKind {
  const invoiceId = asInvoiceId(id);
  if (!invoiceId) return OTHER;
  if (sk === INVOICE_SORT_KEY) return { kind: 'invoice', portalId, invoiceId };
  if (!sk.startsWith(EVENT_PREFIX)) return OTHER;
  return { kind: 'event', portalId, invoiceId, version: Number(sk.slice(EVENT_PREFIX.length)) };
}

function row(place: RowPlace, sk: string): LedgerItemKind {
  if (!sk.startsWith(ROW_PREFIX)) return OTHER;
  // Neither a number nor an id can hold the separator.
  const [, , id = ''] = sk.split('\u001f');
  return { kind: 'row', ...place, invoiceId: asInvoiceId(id) };
}
