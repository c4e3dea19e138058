import { actionContext } from '../card/action-context.ts';
import { cardLevelActions, rowActions } from '../card/card-actions.ts';
import type { Operation } from '../http/http-handler.ts';
import type { HubSpotCaller } from '../http/hubspot-signature.ts';
import { decodeCursor, encodeCursor, pageLimit } from '../http/paging.ts';
import { invalidParameter, notFound } from '../http/problem.ts';
import { dateInTimeZone } from '../invoices/calendar.ts';
import { type DealRow, ROW_PREFIX } from '../invoices/deal-row.ts';
import type { IsoDate } from '../invoices/invoice.ts';
import { summaryJson } from '../invoices/invoice-json.ts';
import { formatMoney } from '../invoices/money.ts';
import { dealIdOf } from '../ledger-api/path-parameters.ts';
import { dealInvoices } from '../rep/deal-invoices.ts';
import { titledRows } from '../rep/invoice-title.ts';
import { LISTED_STATUSES, type ListedStatus, listedStatus } from '../rep/listed-status.ts';
import type { ActionAccess } from './action-access.ts';
import { callingRep, namedDeal } from './action-request.ts';

const USUAL_PAGE = 25;
/** With their actions, so many rows stay well below the megabyte that `hubspot.fetch` takes. */
const LARGEST_PAGE = 100;

/**
 * `GET /hubspot/deals/{dealId}/invoices`: the full card view. The deal's totals, a page of its invoices in the card's order, each with the
 * actions it offers this user, and the card's own actions.
 */
export const listDealInvoices =
  (access: ActionAccess): Operation<HubSpotCaller> =>
  async (request, caller) => {
    const { portalId } = caller;
    const rep = callingRep(caller);
    const dealId = dealIdOf(request);
    if ((namedDeal(caller) ?? dealId) !== dealId)
      throw notFound('This is another deal than the one on view.');
    const limit = pageLimit(request, USUAL_PAGE, LARGEST_PAGE);
    const after = decodeCursor(request, (position) => position.startsWith(ROW_PREFIX));
    const status = wantedStatus(caller);
    const [settings, [ticketKey]] = await Promise.all([access.settings(portalId), access.ticketKeys.value()]);
    const now = access.now();
    const today = dateInTimeZone(now, settings.timeZone);
    const [summary, [mostUrgent], page] = await Promise.all([
      access.store.dealSummary(portalId, dealId),
      access.store.rowsAfter(portalId, dealId, undefined, 1),
      dealInvoices(access.store, { portalId, dealId, limit, after, status, today }),
    ]);
    const { publicBaseUrl } = access;
    const context = actionContext({ rep, dealId, publicBaseUrl, ticketKey, now }, settings);
    const invoices = titledRows(page.rows.map(({ row }) => row)).map(({ row, title }) => ({
      ...rowJson(row, title, today),
      actions: rowActions(row, title, context),
    }));
    return {
      status: 200,
      body: {
        summary: summaryJson(summary),
        invoices,
        ...(page.next === undefined ? {} : { nextCursor: encodeCursor(page.next) }),
        ...cardLevelActions(mostUrgent?.row, context),
      },
    };
  };

function wantedStatus({ parameters }: HubSpotCaller): ListedStatus | undefined {
  const text = parameters.get('status') || undefined;
  if (text === undefined) return undefined;
  const status = LISTED_STATUSES.find((known) => known === text);
  if (!status) {
    throw invalidParameter(
      'status',
      `is ${JSON.stringify(text.slice(0, 40))}`,
      `one of ${LISTED_STATUSES.join(', ')}`,
    );
  }
  return status;
}

/** A row as a list shows it: money as decimal strings, and what the status is today. */
const rowJson = (row: DealRow, title: string, today: IsoDate) => ({
  invoiceId: row.invoiceId,
  number: row.number,
  title,
  status: listedStatus(row, today),
  currency: row.currency,
  total: formatMoney(row.total, row.currency),
  amountPaid: formatMoney(row.amountPaid, row.currency),
  balance: formatMoney(row.balance, row.currency),
  issueDate: row.issueDate,
  dueDate: row.dueDate,
  customerName: row.customerName,
  link: row.link,
  version: row.version,
});
