import { createHash } from 'node:crypto';
import type { DealRow } from '../invoices/deal-row.ts';
import type { PortalId } from '../invoices/identifiers.ts';
import type { IsoDate } from '../invoices/invoice.ts';
import { formatMoney } from '../invoices/money.ts';
import { titledRows } from '../rep/invoice-title.ts';
import { type ListedStatus, listedStatus } from '../rep/listed-status.ts';
import type { ActionContext } from './action-context.ts';
import type { CardAction } from './card-action.ts';
import { type CardLevelActions, cardLevelActions, rowActions } from './card-actions.ts';

/** A typed value that stands on the card without being declared (HubSpot: "ad-hoc properties"). */
export type InlineProperty =
  | { label: string; dataType: 'CURRENCY'; value: string; currencyCode: string }
  | { label: string; dataType: 'DATE' | 'STRING'; value: string };

/** One invoice on the card, in the flat format of HubSpot's legacy CRM cards. */
export interface CardResult {
  /** A number that stays the invoice's own. */
  objectId: number;
  title: string;
  link?: string;
  created?: IsoDate;
  status?: ListedStatus;
  properties: InlineProperty[];
  actions?: CardAction[];
}

export interface CardResponse extends Partial<CardLevelActions> {
  results: CardResult[];
}

/** HubSpot shows at most five. */
export const CARD_ROWS = 5;

/**
 * The card of these rows, which are in its order already. `today` is the portal's. Without a context it shows invoices and offers nothing.
 */
export function cardResponse(
  portalId: PortalId,
  rows: readonly DealRow[],
  today: IsoDate,
  context?: ActionContext,
): CardResponse {
  const results = titledRows(rows.slice(0, CARD_ROWS)).map(({ row, title }) => ({
    ...cardResult(portalId, row, title, today),
    ...(context ? { actions: rowActions(row, title, context) } : {}),
  }));
  return { results, ...(context ? cardLevelActions(rows[0], context) : {}) };
}

/** Nothing to show: for records that are no deals. */
export const EMPTY_CARD: CardResponse = { results: [] };

/** What the rep reads while the ledger can't be reached: a 200, since anything else is shown as a broken card. */
export const UNAVAILABLE_CARD: CardResponse = {
  results: [
    {
      objectId: 0,
      title: 'Invoices can’t be shown right now',
      properties: [
        {
          label: 'What to do',
          dataType: 'STRING',
          value: 'Reload the page in a minute. No invoice is lost.',
        },
      ],
    },
  ],
};

function cardResult(portalId: PortalId, row: DealRow, title: string, today: IsoDate): CardResult {
  const money = (label: string, amount: bigint): InlineProperty => ({
    label,
    dataType: 'CURRENCY',
    value: formatMoney(amount, row.currency),
    currencyCode: row.currency,
  });
  return {
    objectId: numericId(`${portalId}#${row.invoiceId}`),
    title,
    ...(row.link === undefined ? {} : { link: row.link }),
    created: row.issueDate,
    status: listedStatus(row, today),
    properties: [
      money('Balance due', row.balance),
      money('Total', row.total),
      { label: 'Due date', dataType: 'DATE', value: row.dueDate },
      { label: 'Customer', dataType: 'STRING', value: row.customerName },
    ],
  };
}

/** A positive 53-bit number for a text: the first bits of its SHA-256, so that it is the same wherever it is computed. */
const numericId = (text: string): number =>
  Number(createHash('sha256').update(text).digest().readBigUInt64BE() >> 11n);
