import type { ApiRequest } from '../http/api-request.ts';
import { invalidParameter } from '../http/problem.ts';
import {
  asDealId,
  asInvoiceId,
  type DealId,
  HUBSPOT_ID_RULE,
  INVOICE_ID_RULE,
  type InvoiceId,
} from '../invoices/identifiers.ts';

/** The path's invoice id. Throws a Problem that states the rule where it breaks it. */
export function invoiceIdOf(request: ApiRequest): InvoiceId {
  const text = request.pathParameters.invoiceId ?? '';
  const invoiceId = asInvoiceId(text);
  if (!invoiceId)
    throw invalidParameter('invoiceId', `is ${JSON.stringify(text.slice(0, 140))}`, INVOICE_ID_RULE);
  return invoiceId;
}

/** The path's deal id. Throws a Problem where it is none. */
export function dealIdOf(request: ApiRequest): DealId {
  const text = request.pathParameters.dealId ?? '';
  const dealId = asDealId(text);
  if (!dealId) throw invalidParameter('dealId', `is ${JSON.stringify(text.slice(0, 40))}`, HUBSPOT_ID_RULE);
  return dealId;
}
