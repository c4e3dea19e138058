import { Problem, unauthorized } from '../http/problem.ts';
import type { Invoice } from '../invoices/invoice.ts';
import type { LedgerStore } from '../invoices/ledger-store.ts';
import type { Ticket } from '../rep/ticket.ts';

/**
 * The invoice that a ticket is for, while it is on the ticket's deal. Throws a Problem: 404 where it was deleted or moved to another deal, 401
 * where the ticket's portal never had it. A card names only what its portal has, so that ticket was minted for another.
 */
export async function ticketInvoice(store: Pick<LedgerStore, 'current'>, ticket: Ticket): Promise<Invoice> {
  const invoice = await knownInvoice(store, ticket);
  if (invoice?.dealId === ticket.subject.dealId) return invoice;
  throw new Problem({
    status: 404,
    kind: 'invoice-gone',
    title: 'The invoice is no longer on this deal.',
  });
}

/** The same for whoever can answer a deleted or moved invoice in its own words: it is undefined where it was deleted. */
export async function knownInvoice(
  store: Pick<LedgerStore, 'current'>,
  { rep, subject }: Ticket,
): Promise<Invoice | undefined> {
  if (subject.invoiceId === undefined) throw unauthorized();
  const { invoice, version } = await store.current(rep.portalId, subject.invoiceId);
  if (version === 0) throw unauthorized();
  return invoice;
}
