import type { DealRow } from '../invoices/deal-row.ts';
import { availableActions, type InvoiceAction } from '../rep/available-actions.ts';
import { type PageTarget, pageUrl } from '../rep/page-urls.ts';
import { mayDo } from '../rep/policy.ts';
import { spokenMoney } from '../rep/rep-messages.ts';
import type { ActionContext } from './action-context.ts';
import type { CardAction, ConfirmedHookAction, FrameAction, HookAction } from './card-action.ts';

/** The actions of a card that belong to no row. */
export interface CardLevelActions {
  primaryAction?: FrameAction;
  secondaryActions: FrameAction[];
  settingsAction: FrameAction;
}

/** The fields of a row that its actions depend on. */
export type ActionRow = Pick<
  DealRow,
  'invoiceId' | 'status' | 'total' | 'balance' | 'currency' | 'customerName' | 'version'
>;

/**
 * The actions that an invoice offers this rep, in the order of its menu. A confirmed one has the invoice's title in its label: HubSpot's
 * card converter tells its dialogs apart by nothing else, so on one card no two titles may be equal.
 */
export const rowActions = (row: ActionRow, title: string, context: ActionContext): CardAction[] =>
  availableActions(row, context.policy, context.rep.email).map((action) =>
    rowAction(action, row, title, context),
  );

/** The actions of the card itself, also on a deal without invoices. `mostUrgent` is the first row. */
export function cardLevelActions(
  mostUrgent: ActionRow | undefined,
  context: ActionContext,
): CardLevelActions {
  const { dealId, policy, rep } = context;
  const pdf = mostUrgent && frame('View invoice PDF', invoicePage('pdf', mostUrgent, context), context);
  return {
    ...(mayDo(policy, rep.email, 'create')
      ? { primaryAction: frame('Create invoice', { page: 'new', dealId }, context) }
      : {}),
    secondaryActions: [...(pdf ? [pdf] : []), frame('All invoices', { page: 'list', dealId }, context)],
    settingsAction: frame('Connection health', { page: 'health', dealId }, context),
  };
}

function rowAction(action: InvoiceAction, row: ActionRow, title: string, context: ActionContext): CardAction {
  switch (action) {
    case 'pdf':
      return frame('View PDF', invoicePage('pdf', row, context), context);
    case 'edit':
      return frame('Edit', invoicePage('edit', row, context), context);
    case 'payment':
      return frame('Record payment', invoicePage('payment', row, context), context);
    case 'issue':
      return {
        type: 'ACTION_HOOK',
        httpMethod: 'POST',
        uri: hookUrl('/issue', row, context),
        label: 'Issue',
        associatedObjectProperties: [],
      } satisfies HookAction;
    case 'void': {
      const owed = spokenMoney(row.balance, row.currency);
      return confirmed('POST', `Void ${title}`, hookUrl('/void', row, context), {
        message: `Void ${title}? ${row.customerName} will no longer owe ${owed}. A void invoice stays in the books and can’t be reopened.`,
        keep: 'Keep it',
      });
    }
    case 'delete':
      return confirmed('DELETE', `Delete ${title}`, hookUrl('', row, context), {
        message: `Delete ${title} for ${row.customerName}? It can’t be brought back.`,
        keep: 'Keep it',
      });
  }
}

/** Width and height of each page's frame in pixels: HubSpot's window may be as low as 720. */
const FRAME_SIZE: Record<PageTarget['page'], { width: number; height: number }> = {
  pdf: { width: 860, height: 720 },
  edit: { width: 860, height: 720 },
  new: { width: 860, height: 720 },
  list: { width: 1000, height: 700 },
  payment: { width: 480, height: 520 },
  health: { width: 640, height: 560 },
};

const frame = (label: string, target: PageTarget, context: ActionContext): FrameAction => ({
  type: 'IFRAME',
  ...FRAME_SIZE[target.page],
  uri: pageUrl(target, context),
  label,
  associatedObjectProperties: [],
});

const invoicePage = (
  page: 'pdf' | 'edit' | 'payment',
  { invoiceId, version }: ActionRow,
  { dealId }: ActionContext,
): PageTarget => ({ page, dealId, invoiceId, version });

const hookUrl = (action: string, row: ActionRow, { publicBaseUrl, dealId }: ActionContext): string =>
  `${publicBaseUrl}/hubspot/invoices/${row.invoiceId}${action}?version=${row.version}&dealId=${dealId}`;

const confirmed = (
  httpMethod: 'POST' | 'DELETE',
  label: string,
  uri: string,
  texts: { message: string; keep: string },
): ConfirmedHookAction => ({
  type: 'CONFIRMATION_ACTION_HOOK',
  httpMethod,
  uri,
  label,
  confirmationMessage: texts.message,
  confirmButtonText: label,
  cancelButtonText: texts.keep,
  associatedObjectProperties: [],
});
