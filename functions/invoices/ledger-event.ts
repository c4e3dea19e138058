import type { DealId, InvoiceId } from './identifiers.ts';
import type { Invoice, IsoDateTime, Origin } from './invoice.ts';
import { settle } from './settlement.ts';

export type LedgerEventType =
  | 'invoice.created'
  | 'invoice.updated'
  | 'invoice.issued'
  | 'invoice.payment_recorded'
  | 'invoice.paid'
  | 'invoice.voided'
  | 'invoice.deleted'
  | 'invoice.linked'
  | 'invoice.unlinked';

/** Who asked for a change: the accounting system, a HubSpot user, or a tool of the operator's. */
export type Actor =
  | { kind: 'accounting' }
  | { kind: 'user'; userId: string; email?: string | undefined }
  | { kind: 'operator' };

/** One change to one invoice: what the ledger keeps of it for ever. */
export interface LedgerEvent {
  /** Invoice id and version: the same on the feed and on the bus. */
  eventId: string;
  type: LedgerEventType;
  at: IsoDateTime;
  invoiceId: InvoiceId;
  /** The version that the change made. */
  version: number;
  /** The deal after the change, or the one it was on before where it is on none now. */
  dealId?: DealId | undefined;
  actor: Actor;
  /** Where the change was asked for; an invoice's own `origin` says where the invoice began. */
  origin: Origin;
  before?: Invoice | undefined;
  after?: Invoice | undefined;
}

/** The id of the event that made this version. `:` stands in no invoice id. */
export const eventIdOf = (invoiceId: InvoiceId, version: number): string => `${invoiceId}:${version}`;

/** The most specific name for a change: one command, one event. */
export function changeType(before: Invoice | undefined, after: Invoice | undefined): LedgerEventType {
  if (!after) return 'invoice.deleted';
  if (!before) return 'invoice.created';
  const [was, is] = [settle(before).status, settle(after).status];
  if (is !== was && is === 'void') return 'invoice.voided';
  // Nothing is owed on a total of zero, so that it counts as paid once it is issued; nobody has paid it.
  const isPaid = after.markedPaid || after.payments.length > 0;
  if (was === 'draft' && is !== 'draft' && !isPaid) return 'invoice.issued';
  if (is !== was && is === 'paid') return 'invoice.paid';
  if (hasNewPayment(before, after)) return 'invoice.payment_recorded';
  if (before.dealId !== after.dealId) return after.dealId ? 'invoice.linked' : 'invoice.unlinked';
  return 'invoice.updated';
}

function hasNewPayment(before: Invoice, after: Invoice): boolean {
  const known = new Set(before.payments.map((payment) => payment.paymentId));
  return after.payments.some((payment) => !known.has(payment.paymentId));
}
