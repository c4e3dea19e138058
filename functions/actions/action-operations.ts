import type { Operation } from '../http/http-handler.ts';
import type { HubSpotCaller } from '../http/hubspot-signature.ts';
import type { RouteKey } from '../routes.ts';
import type { ActionAccess } from './action-access.ts';
import { actOnInvoice, createInvoice, editInvoice, recordPayment } from './change-invoices.ts';
import { listDealInvoices } from './list-deal-invoices.ts';

/** What answers each route of the actions function. */
export const actionOperations = (
  access: ActionAccess,
): Record<RouteKey<'actions'>, Operation<HubSpotCaller>> => ({
  'POST /hubspot/invoices': createInvoice(access),
  'PATCH /hubspot/invoices/{invoiceId}': editInvoice(access),
  'DELETE /hubspot/invoices/{invoiceId}': actOnInvoice('delete')(access),
  'POST /hubspot/invoices/{invoiceId}/issue': actOnInvoice('issue')(access),
  'POST /hubspot/invoices/{invoiceId}/void': actOnInvoice('void')(access),
  'POST /hubspot/invoices/{invoiceId}/payments': recordPayment(access),
  'GET /hubspot/deals/{dealId}/invoices': listDealInvoices(access),
});
