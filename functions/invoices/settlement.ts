import type { Invoice, IsoDate } from './invoice.ts';
import { type MinorUnits, magnitude, sum } from './money.ts';

/** The status everyone sees, except `overdue`, which depends on the day it is looked at. */
export type InvoiceStatus = 'draft' | 'open' | 'partially_paid' | 'paid' | 'void';

export interface Settlement {
  status: InvoiceStatus;
  amountPaid: MinorUnits;
  /** What is still owed: negative where more was paid than asked, zero on a void invoice. */
  balance: MinorUnits;
}

/**
 * What was paid and what is owed. "Paid" told by the accounting system is a flag, not a payment: while it is set the amount paid is the
 * total or the payments, whichever is larger in magnitude. An open invoice that its payments cover is paid.
 */
export function settle(invoice: Pick<Invoice, 'state' | 'markedPaid' | 'payments' | 'total'>): Settlement {
  const { total } = invoice;
  const paid = sum(invoice.payments.map((payment) => payment.amount));
  switch (invoice.state) {
    case 'draft':
      return { status: 'draft', amountPaid: paid, balance: total - paid };
    case 'void':
      return { status: 'void', amountPaid: paid, balance: 0n };
    case 'open': {
      if (invoice.markedPaid) {
        const amountPaid = magnitude(paid) > magnitude(total) ? paid : total;
        return { status: 'paid', amountPaid, balance: total - amountPaid };
      }
      return { status: openStatus(paid, total), amountPaid: paid, balance: total - paid };
    }
  }
}

function openStatus(paid: MinorUnits, total: MinorUnits): InvoiceStatus {
  if (total === 0n) return 'paid';
  const towardsTotal = paid !== 0n && paid < 0n === total < 0n;
  if (!towardsTotal) return 'open';
  return magnitude(paid) >= magnitude(total) ? 'paid' : 'partially_paid';
}

/** Whether an invoice is past its due date on the given day (the portal's own today). Only what is still open can be. */
export const isOverdue = (status: InvoiceStatus, dueDate: IsoDate, today: IsoDate): boolean =>
  (status === 'open' || status === 'partially_paid') && dueDate < today;
