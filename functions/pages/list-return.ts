import type { ApiRequest } from '../http/api-request.ts';
import { pagePath } from '../rep/page-urls.ts';
import { admits, verifyTicket } from '../rep/verify-ticket.ts';
import { type ListQuery, listLink, readListQuery } from './list-query.ts';
import type { PagesAccess, Visitor } from './page-access.ts';

/** The list of invoices that a form was opened from, as it was, to lead back to. */
export interface ListReturn {
  url: string;
  query: ListQuery;
  /** The same user, with the list's own ticket. */
  visitor: Visitor;
}

/** A frame's address that leads back to a list: it carries the list's query and ticket, and nothing that could lead elsewhere. */
export const withListReturn = (frameUrl: string, query: ListQuery, ticketText: string): string =>
  `${frameUrl}&${new URLSearchParams({ list: listLink(query, {}, ticketText).slice(1) })}`;

/**
 * The list that a form's address leads back to. Undefined where it names none, or where what it brings is no good ticket of this user for a
 * list of this deal: a form's own ticket must open no more than its form.
 */
export async function listReturn(
  { publicBaseUrl, now }: Pick<PagesAccess, 'publicBaseUrl' | 'now'>,
  request: ApiRequest,
  { ticket: { rep, subject }, keys }: Visitor,
): Promise<ListReturn | undefined> {
  const asked = new URLSearchParams(request.query.get('list') ?? '');
  const ticketText = asked.get('ticket');
  if (ticketText === null) return undefined;
  const verdict = await verifyTicket(keys, ticketText, now());
  if (!verdict.ok || !admits(verdict.ticket, { page: 'list', dealId: subject.dealId })) return undefined;
  const { ticket } = verdict;
  if (ticket.rep.portalId !== rep.portalId || ticket.rep.userId !== rep.userId) return undefined;
  const query = readListQuery(asked);
  return {
    url: `${publicBaseUrl}${pagePath(ticket.subject)}${listLink(query, {}, ticketText)}`,
    query,
    visitor: { ticket, ticketText, keys },
  };
}
