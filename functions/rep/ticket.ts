import type { DealId, InvoiceId } from '../invoices/identifiers.ts';
import type { Rep } from './rep.ts';
import { signClaims } from './signed-claims.ts';

/** The pages about one invoice, and those about a deal. */
export const INVOICE_PAGES = ['pdf', 'edit', 'payment'] as const;
export const DEAL_PAGES = ['new', 'list', 'health'] as const;
export type InvoicePageName = (typeof INVOICE_PAGES)[number];
export type DealPageName = (typeof DEAL_PAGES)[number];

/** What a ticket admits a user to: one page, of one invoice or deal. */
export type TicketSubject =
  | { page: InvoicePageName; dealId: DealId; invoiceId: InvoiceId }
  | { page: DealPageName; dealId: DealId; invoiceId?: undefined };

/** A token that admits one user's browser frame to one page. */
export interface Ticket {
  rep: Rep;
  subject: TicketSubject;
  /** Epoch milliseconds, whole seconds. */
  expiresAt: number;
}

/** Tells a ticket from other tokens signed with the same keys. */
export const TICKET_AUDIENCE = 'ledgerbridge-frame';

/** Signs a ticket with the newest key. Kept short: it stands in a URL, and a card holds two dozen. */
export const mintTicket = (key: string, { rep, subject, expiresAt }: Ticket): string =>
  signClaims(key, {
    aud: TICKET_AUDIENCE,
    exp: Math.floor(expiresAt / 1000),
    portal: rep.portalId,
    sub: rep.userId,
    email: rep.email,
    page: subject.page,
    deal: subject.dealId,
    invoice: subject.invoiceId,
  });
