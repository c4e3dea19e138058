import type { ApiResponse } from '../http/api-request.ts';
import type { Operation } from '../http/http-handler.ts';
import type { HubSpotCaller } from '../http/hubspot-signature.ts';
import { invalidParameter } from '../http/problem.ts';
import { HUBSPOT_ID_RULE } from '../invoices/identifiers.ts';
import { invoiceIdOf } from '../ledger-api/path-parameters.ts';
import { SENT_FIELDS } from '../rep/rep-input.ts';
import type { RepRequest } from '../rep/rep-request.ts';
import { type RepAccess, runRepCommand } from '../rep/run-rep-command.ts';
import { callingRep, givenKey, namedDeal, seenVersion, wantsIssue } from './action-request.ts';
import { sentFields } from './sent-fields.ts';

type Hook = (access: RepAccess) => Operation<HubSpotCaller>;

/** `POST /hubspot/invoices`: a new invoice on the deal, as a draft or issued. */
export const createInvoice: Hook = (access) => async (_request, caller) => {
  const dealId = namedDeal(caller);
  if (!dealId) throw invalidParameter('dealId', 'is missing', HUBSPOT_ID_RULE);
  return answer(access, caller, {
    action: 'create',
    dealId,
    fields: sentFields(caller, SENT_FIELDS),
    issue: wantsIssue(caller),
    idempotencyKey: givenKey(caller, 'required'),
  });
};

/** `PATCH /hubspot/invoices/{invoiceId}`: changes a draft, and issues it where asked to. */
export const editInvoice: Hook = (access) => async (request, caller) =>
  answer(access, caller, {
    action: 'edit',
    fields: sentFields(caller, SENT_FIELDS),
    issue: wantsIssue(caller),
    ...onInvoice(request, caller),
  });

/** `POST /hubspot/invoices/{invoiceId}/issue`, `POST …/void` and `DELETE /hubspot/invoices/{invoiceId}`. */
export const actOnInvoice =
  (action: 'issue' | 'void' | 'delete'): Hook =>
  (access) =>
  async (request, caller) =>
    answer(access, caller, { action, ...onInvoice(request, caller) });

const PAYMENT_FIELDS = ['paymentId', 'amount', 'paidAt'];

/** `POST /hubspot/invoices/{invoiceId}/payments`. */
export const recordPayment: Hook = (access) => async (request, caller) => {
  const { paymentId, amount, paidAt } = sentFields(caller, PAYMENT_FIELDS);
  if (paymentId === undefined) givenKey(caller, 'required');
  return answer(access, caller, {
    action: 'payment',
    payment: { ...(paymentId === undefined ? {} : { paymentId }), amount, paidAt },
    ...onInvoice(request, caller),
  });
};

function onInvoice(request: Parameters<typeof invoiceIdOf>[0], caller: HubSpotCaller) {
  return {
    invoiceId: invoiceIdOf(request),
    dealId: namedDeal(caller),
    version: seenVersion(caller),
    idempotencyKey: givenKey(caller),
  };
}

async function answer(access: RepAccess, caller: HubSpotCaller, request: RepRequest): Promise<ApiResponse> {
  const { status, body } = await runRepCommand(access, callingRep(caller), request);
  return { status, body };
}
