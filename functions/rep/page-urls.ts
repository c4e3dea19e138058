import type { DealId, InvoiceId } from '../invoices/identifiers.ts';
import type { Rep } from './rep.ts';
import { type DealPageName, type InvoicePageName, mintTicket, type TicketSubject } from './ticket.ts';

/** A page to open, with the version of the invoice that the user saw where it is about one. */
export type PageTarget =
  | { page: InvoicePageName; dealId: DealId; invoiceId: InvoiceId; version: number }
  | { page: DealPageName; dealId: DealId; invoiceId?: undefined };

/** What signs the addresses of a user's frames. */
export interface FrameSigner {
  /** Without a slash at the end. */
  publicBaseUrl: string;
  key: string;
  rep: Rep;
  /** Epoch milliseconds. */
  expiresAt: number;
}

/** The path of a page, without its ticket. */
export function pagePath(target: PageTarget | TicketSubject): string {
  switch (target.page) {
    case 'pdf':
    case 'edit':
    case 'payment':
      return `/pages/invoices/${target.invoiceId}/${target.page}`;
    case 'new':
      return '/pages/invoices/new';
    case 'list':
      return `/pages/deals/${target.dealId}/invoices`;
    case 'health':
      return '/pages/health';
  }
}

/** The address of a page as a frame opens it, with the user's ticket. An id needs no escape in a path or a query. */
export function pageUrl(target: PageTarget, { publicBaseUrl, key, rep, expiresAt }: FrameSigner): string {
  const ticket = mintTicket(key, { rep, subject: target, expiresAt });
  const version = 'version' in target ? `version=${target.version}&` : '';
  return `${publicBaseUrl}${pagePath(target)}?${version}ticket=${ticket}`;
}
