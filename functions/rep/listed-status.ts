import type { IsoDate } from '../invoices/invoice.ts';
import { type InvoiceStatus, isOverdue } from '../invoices/settlement.ts';

/** The statuses a rep sees and asks for: those of the ledger, and `overdue`, which depends on the day. */
export const LISTED_STATUSES = ['draft', 'open', 'partially_paid', 'overdue', 'paid', 'void'] as const;
export type ListedStatus = (typeof LISTED_STATUSES)[number];

/** Overdue wins over open and partially paid: it is what the rep has to act on. `today` is the portal's. */
export const listedStatus = (
  { status, dueDate }: { status: InvoiceStatus; dueDate: IsoDate },
  today: IsoDate,
): ListedStatus => (isOverdue(status, dueDate, today) ? 'overdue' : status);
