import type { PortalId } from '../identifiers.ts';
import type { Invoice } from '../invoice.ts';
import { invoiceFromStored, type LedgerItem, rowItem } from '../ledger-items.ts';
import type { StoredItem } from './ledger-item.ts';

/** What an invoice's item holds. */
export type StoredInvoice =
  | { kind: 'invoice'; invoice: Invoice; row: LedgerItem }
  /** Never there, deleted, or an id that only leads to another invoice. */
  | { kind: 'none' }
  | { kind: 'unreadable'; why: string };

/** Reads an invoice's item with the row that belongs to it. Nothing about it is trusted: it is what is being checked. */
export function readStoredInvoice(portalId: PortalId, item: StoredItem | undefined): StoredInvoice {
  if (!item || item.entity === 'deleted-invoice' || item.entity === 'alias') return { kind: 'none' };
  if (item.entity !== 'invoice') return { kind: 'unreadable', why: `its entity is ${String(item.entity)}` };
  if (!Number.isSafeInteger(item.version)) return { kind: 'unreadable', why: 'it has no version' };
  try {
    const invoice = invoiceFromStored(item);
    return { kind: 'invoice', invoice, row: rowItem(portalId, invoice) };
  } catch (error) {
    return { kind: 'unreadable', why: error instanceof Error ? error.message : String(error) };
  }
}
