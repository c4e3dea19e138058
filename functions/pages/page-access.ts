import type { FeedStore } from '../feed/feed-store.ts';
import type { ApiRequest } from '../http/api-request.ts';
import type { PageOperation, PageResponse } from '../http/html-handler.ts';
import { unauthorized } from '../http/problem.ts';
import { dateInTimeZone } from '../invoices/calendar.ts';
import type { PortalId } from '../invoices/identifiers.ts';
import type { IsoDate } from '../invoices/invoice.ts';
import type { LedgerStore } from '../invoices/ledger-store.ts';
import type { FrameSigner } from '../rep/page-urls.ts';
import type { RepAccess } from '../rep/run-rep-command.ts';
import type { Ticket, TicketSubject } from '../rep/ticket.ts';
import { admits, type TicketVerdict, verifyTicket } from '../rep/verify-ticket.ts';
import type { Secret } from '../secret-store.ts';
import type { PagePorts } from './ports.ts';
import type { SyncStanding } from './sync-standing.ts';

/** The keys that sign tickets and form tokens, the newest first. */
export type TicketKeys = readonly [string, ...string[]];

/** What letting a visitor in takes. */
export interface TicketAccess {
  ticketKeys: Secret<TicketKeys>;
  /** Epoch milliseconds. */
  now: () => number;
}

/** What the pages work with. */
export interface PagesAccess extends RepAccess, TicketAccess {
  store: LedgerStore;
  feed: Pick<FeedStore, 'lastSequence' | 'entriesFrom' | 'events'>;
  /** Scheme, host and base path, without a slash at the end. */
  publicBaseUrl: string;
  ports: PagePorts;
  syncStanding: SyncStanding;
}

/** Who opened a page: what the ticket proves, and nothing else. */
export interface Visitor {
  ticket: Ticket;
  /** As it stands in the address. */
  ticketText: string;
  keys: TicketKeys;
}

/** What answers a visitor. */
export type VisitorOperation = (request: ApiRequest, visitor: Visitor) => Promise<PageResponse>;

/** Lets in whoever has a ticket for one of these pages, and for the invoice or deal that the path names. Throws a Problem, 401, else. */
export const forVisitor =
  (
    access: TicketAccess,
    pages: readonly TicketSubject['page'][],
    operation: VisitorOperation,
  ): PageOperation =>
  async (request) =>
    operation(request, await visitorAt(access.now(), access, pages, request));

/** Whom the request's ticket lets in at this moment, in epoch milliseconds. Throws a Problem, 401, where it lets nobody in. */
export async function visitorAt(
  moment: number,
  access: TicketAccess,
  pages: readonly TicketSubject['page'][],
  request: ApiRequest,
): Promise<Visitor> {
  const ticketText = request.query.get('ticket') ?? '';
  const { verdict, keys } = await readTicket(access, ticketText, moment);
  if (!verdict.ok) throw unauthorized();
  const { ticket } = verdict;
  const { invoiceId, dealId } = request.pathParameters;
  if (!pages.some((page) => admits(ticket, { page, invoiceId, dealId }))) throw unauthorized();
  return { ticket, ticketText, keys };
}

/** A ticket signed with a key that we don't have yet may be one of a moment ago, after a rotation. */
async function readTicket(
  { ticketKeys }: TicketAccess,
  text: string,
  moment: number,
): Promise<{ verdict: TicketVerdict; keys: TicketKeys }> {
  const keys = await ticketKeys.value();
  const verdict = await verifyTicket(keys, text, moment);
  if (verdict.ok || verdict.reason === 'expired') return { verdict, keys };
  const fresh = await ticketKeys.fresh();
  return fresh ? { verdict: await verifyTicket(fresh, text, moment), keys: fresh } : { verdict, keys };
}

/** Signs the addresses of further frames for a visitor, good for as long as the visitor's own ticket. */
export const signerFor = (
  { publicBaseUrl }: Pick<PagesAccess, 'publicBaseUrl'>,
  { ticket, keys }: Visitor,
): FrameSigner => ({ publicBaseUrl, key: keys[0], rep: ticket.rep, expiresAt: ticket.expiresAt });

/** The day it is for the portal. */
export async function portalToday(access: PagesAccess, portalId: PortalId): Promise<IsoDate> {
  const { timeZone } = await access.settings(portalId);
  return dateInTimeZone(access.now(), timeZone);
}
