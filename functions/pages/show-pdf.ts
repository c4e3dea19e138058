import { createHash } from 'node:crypto';
import type { PageOperation, PageResponse } from '../http/html-handler.ts';
import type { Invoice } from '../invoices/invoice.ts';
import type { LedgerStore } from '../invoices/ledger-store.ts';
import type { PortalSettings } from '../invoices/portal-settings.ts';
import type { ReadSettings } from '../invoices/settings-cache.ts';
import { invoiceTitle } from '../rep/invoice-title.ts';
import { inlineFile } from './inline-file.ts';
import { forVisitor, type TicketAccess } from './page-access.ts';
import type { DocumentFonts } from './pdf/font-files.ts';
import { renderInvoicePdf } from './pdf/render-invoice-pdf.ts';
import { type Seller, sellerInput } from './pdf/seller.ts';
import { ticketInvoice } from './ticket-invoice.ts';

export interface PdfAccess extends TicketAccess {
  store: Pick<LedgerStore, 'current'>;
  settings: ReadSettings;
  fonts: () => Promise<DocumentFonts>;
  /** Origins that may show the PDF in a frame. */
  frameAncestors: readonly string[];
  /** Told which characters no font has, so that somebody can add one. */
  notice: (message: string, details: Record<string, unknown>) => void;
}

/**
 * `GET /pages/invoices/{invoiceId}/pdf`: the accounting system's own PDF where it is on an allowed host, and the browser fetches that one by itself:
 * we fetch nothing on anyone's behalf. Otherwise one that we render; the same invoice is the same bytes.
 */
export const showPdf = (access: PdfAccess): PageOperation =>
  forVisitor(access, ['pdf'], async (request, { ticket }) => {
    const [invoice, settings] = await Promise.all([
      ticketInvoice(access.store, ticket),
      access.settings(ticket.rep.portalId),
    ]);
    const location = allowedPdfUrl(invoice, settings);
    if (location) return { status: 302, headers: { location }, body: '' };
    return rendered(access, invoice, settings, request.headers['if-none-match']);
  });

/** Only hosts that the portal's owner named: an address in the books must not send a rep just anywhere. */
export function allowedPdfUrl(
  { pdfUrl }: Pick<Invoice, 'pdfUrl'>,
  { pdfHosts }: Pick<PortalSettings, 'pdfHosts'>,
): string | undefined {
  if (pdfUrl === undefined) return undefined;
  const { host, href } = new URL(pdfUrl);
  return pdfHosts.includes(host) ? href : undefined;
}

async function rendered(
  { fonts, frameAncestors, notice }: PdfAccess,
  invoice: Invoice,
  settings: PortalSettings,
  known: string | undefined,
): Promise<PageResponse> {
  const { bytes, uncovered } = await renderInvoicePdf(invoice, sellerOf(settings), {
    fonts: await fonts(),
    timeZone: settings.timeZone,
  });
  if (uncovered.length > 0) {
    notice('A PDF has characters that no font covers', {
      invoiceId: invoice.invoiceId,
      characters: uncovered,
    });
  }
  const etag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 27)}"`;
  const headers = {
    etag,
    // The browser's own PDF viewer is not held to a page's policy; who may frame it is.
    'content-security-policy': ['frame-ancestors', ...frameAncestors].join(' '),
    // Kept by the browser only, and asked for again each time: the answer is mostly "still the same".
    'cache-control': 'private, no-cache',
  };
  if (known?.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag)) {
    return { status: 304, headers, body: '' };
  }
  return {
    status: 200,
    headers: {
      ...headers,
      'content-type': 'application/pdf',
      'content-disposition': inlineFile(invoiceTitle(invoice), 'pdf', 'invoice'),
    },
    body: bytes,
  };
}

/** The seller as the portal's owner set it. What can't be read is said on the page itself, where somebody will see it. */
export function sellerOf({ seller }: Pick<PortalSettings, 'seller'>): Seller {
  const parsed = sellerInput.safeParse(seller);
  return parsed.success ? parsed.data : { name: 'The seller is not set up yet', address: [], bank: [] };
}
