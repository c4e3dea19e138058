import type { JWTPayload } from 'jose';
import { asDealId, asInvoiceId, asPortalId } from '../invoices/identifiers.ts';
import { isUserId } from './rep.ts';
import { DEAL_PAGES, INVOICE_PAGES, TICKET_AUDIENCE, type Ticket, type TicketSubject } from './ticket.ts';
import { verifyClaims } from './verify-claims.ts';

export type TicketVerdict = { ok: true; ticket: Ticket } | { ok: false; reason: 'expired' | 'invalid' };

/**
 * Reads the ticket that a browser frame brings. Every key is tried, so that a rotation shuts nobody out. `now` is epoch milliseconds.
 * That it is for the page, invoice or deal asked for is for the caller to hold: see {@link admits}.
 */
export async function verifyTicket(
  keys: readonly string[],
  token: string,
  now: number,
): Promise<TicketVerdict> {
  const verdict = await verifyClaims(keys, token, TICKET_AUDIENCE, now);
  if (!verdict.ok) return verdict;
  const ticket = ticketOf(verdict.claims);
  return ticket ? { ok: true, ticket } : { ok: false, reason: 'invalid' };
}

/** Whether the ticket is for this page, and for this invoice or deal where the path names one. */
export const admits = (
  { subject }: Ticket,
  asked: { page: TicketSubject['page']; invoiceId?: string | undefined; dealId?: string | undefined },
): boolean =>
  subject.page === asked.page &&
  (asked.invoiceId === undefined || subject.invoiceId === asked.invoiceId) &&
  (asked.dealId === undefined || subject.dealId === asked.dealId);

function ticketOf(claims: JWTPayload): Ticket | undefined {
  const text = (name: string): string => (typeof claims[name] === 'string' ? claims[name] : '');
  const portalId = asPortalId(text('portal'));
  const subject = subjectOf(text('page'), text('deal'), text('invoice'));
  const userId = text('sub');
  if (!portalId || !subject || !isUserId(userId) || claims.exp === undefined) return undefined;
  const email = text('email') === '' ? {} : { email: text('email') };
  return { rep: { portalId, userId, ...email }, subject, expiresAt: claims.exp * 1000 };
}

function subjectOf(name: string, deal: string, invoice: string): TicketSubject | undefined {
  const dealId = asDealId(deal);
  if (!dealId) return undefined;
  const invoicePage = INVOICE_PAGES.find((known) => known === name);
  if (invoicePage) {
    const invoiceId = asInvoiceId(invoice);
    return invoiceId && { page: invoicePage, dealId, invoiceId };
  }
  const page = DEAL_PAGES.find((known) => known === name);
  return page && { page, dealId };
}
