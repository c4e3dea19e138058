import type { AccountingCaller } from '../http/bearer-token.ts';
import type { Operation } from '../http/http-handler.ts';
import { decodeCursor, onlyParameters, pageLimit } from '../http/paging.ts';
import { invalidParameter } from '../http/problem.ts';
import { ROW_PREFIX } from '../invoices/deal-row.ts';
import { asInvoiceId } from '../invoices/identifiers.ts';
import { summaryJson } from '../invoices/invoice-json.ts';
import type { PlacedRow } from '../invoices/ledger-store.ts';
import { invoicePage, LARGEST_PAGE, type PageEntry, USUAL_PAGE } from './invoice-page.ts';
import { type LedgerAccess, today } from './ledger-access.ts';
import { dealIdOf } from './path-parameters.ts';

const NUMBER_EXPECTED = 'an invoice number: 1 to 64 characters';
const isNumber = (text: string): boolean => text !== '' && text.length <= 128 && [...text].length <= 64;

const isRowPosition = (position: string): boolean => position.startsWith(ROW_PREFIX);

/** `GET /v1/deals/{dealId}/invoices`: the summary of all of a deal's invoices, and a page of them in the card's order. */
export const listDealInvoices =
  (access: LedgerAccess): Operation<AccountingCaller> =>
  async (request, { portalId }) => {
    onlyParameters(request, ['limit', 'cursor']);
    const dealId = dealIdOf(request);
    const limit = pageLimit(request, USUAL_PAGE, LARGEST_PAGE);
    const after = decodeCursor(request, isRowPosition);
    const [summary, rows, day] = await Promise.all([
      access.store.dealSummary(portalId, dealId),
      access.store.rowsAfter(portalId, dealId, after, limit + 1),
      today(access, portalId),
    ]);
    const page = await invoicePage(access.store, {
      portalId,
      entries: rows.map(pageEntry),
      limit,
      today: day,
      belongs: (invoice) => invoice.dealId === dealId,
    });
    return { status: 200, body: { summary: summaryJson(summary), ...page } };
  };

/** `GET /v1/invoices?number=` or `?unlinked=true`: what is known only by its number, or is on no deal. */
export const findInvoices =
  (access: LedgerAccess): Operation<AccountingCaller> =>
  async (request, { portalId }) => {
    onlyParameters(request, ['number', 'unlinked', 'limit', 'cursor']);
    const number = request.query.get('number');
    const unlinked = request.query.get('unlinked');
    const limit = pageLimit(request, USUAL_PAGE, LARGEST_PAGE);
    if ((number === null) === (unlinked === null)) {
      throw invalidParameter(
        'number or unlinked',
        'is missing or both are there',
        'one of ?number=… and ?unlinked=true',
      );
    }
    if (unlinked !== null && unlinked !== 'true') {
      throw invalidParameter('unlinked', `is ${JSON.stringify(unlinked.slice(0, 40))}`, 'true');
    }
    if (number !== null && !isNumber(number)) {
      throw invalidParameter('number', `is ${JSON.stringify(number.slice(0, 40))}`, NUMBER_EXPECTED);
    }
    const entries = number === null ? await unlinkedEntries() : await numberEntries(number);
    const page = await invoicePage(access.store, {
      portalId,
      entries,
      limit,
      today: await today(access, portalId),
      belongs: (invoice) => (number === null ? invoice.dealId === undefined : invoice.number === number),
    });
    return { status: 200, body: page };

    async function unlinkedEntries(): Promise<PageEntry[]> {
      const after = decodeCursor(request, isRowPosition);
      return (await access.store.rowsAfter(portalId, undefined, after, limit + 1)).map(pageEntry);
    }

    async function numberEntries(wanted: string): Promise<PageEntry[]> {
      const after = decodeCursor(request, (position) => asInvoiceId(position) !== undefined);
      const afterId = after === undefined ? undefined : asInvoiceId(after);
      const ids = await access.store.idsByNumber(portalId, wanted, afterId, limit + 1);
      return ids.map((invoiceId) => ({ invoiceId, position: invoiceId }));
    }
  };

const pageEntry = ({ sortKey, row }: PlacedRow): PageEntry => ({
  invoiceId: row.invoiceId,
  position: sortKey,
});
