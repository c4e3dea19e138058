import * as z from 'zod/mini';
import type { ApiRequest, ApiResponse } from '../http/api-request.ts';
import type { AccountingCaller } from '../http/bearer-token.ts';
import { expectedVersion } from '../http/entity-version.ts';
import type { Operation } from '../http/http-handler.ts';
import { jsonBody } from '../http/json-body.ts';
import { onlyParameters } from '../http/paging.ts';
import { invalidBody, invalidParameter, notFound } from '../http/problem.ts';
import { fieldProblems } from '../input/field-problem.ts';
import { line } from '../input/text.ts';
import { asDealId, asInvoiceId, INVOICE_ID_RULE } from '../invoices/identifiers.ts';
import { dealIdInput } from '../invoices/invoice-input.ts';
import type { LedgerCommand } from '../invoices/ledger-command.ts';
import { readAccountingInvoice, readPayment } from '../invoices/read-invoice-input.ts';
import { answerCommand, answerInvoice } from './answer-command.ts';
import type { LedgerAccess } from './ledger-access.ts';
import { invoiceIdOf } from './path-parameters.ts';

type AccountingOperation = (access: LedgerAccess) => Operation<AccountingCaller>;

/** `PUT /v1/invoices/{invoiceId}`: creates or replaces, in whatever state the invoice is. */
export const putInvoice: AccountingOperation = (access) => async (request, caller) => {
  const reading = readAccountingInvoice(jsonBody(request));
  if (!reading.ok) throw invalidBody(reading.problems);
  return runCommand(access, request, caller, reading.value);
};

/** `GET /v1/invoices/{invoiceId}`. */
export const getInvoice: AccountingOperation =
  (access) =>
  async (request, { portalId }) => {
    onlyParameters(request, []);
    const invoiceId = invoiceIdOf(request);
    const { invoice } = await access.store.current(portalId, invoiceId);
    if (!invoice) throw notFound(`There is no invoice ${invoiceId}.`);
    return answerInvoice(access, portalId, invoice, 200);
  };

/** `DELETE /v1/invoices/{invoiceId}`: takes a draft or a void invoice. */
export const deleteInvoice: AccountingOperation = (access) => (request, caller) =>
  runCommand(access, request, caller, { type: 'delete' });

/** `POST /v1/invoices/{invoiceId}/payments`: a payment id counts once, however often it is sent. */
export const postPayment: AccountingOperation = (access) => async (request, caller) => {
  const body = jsonBody(request);
  const invoiceId = invoiceIdOf(request);
  // The amount can only be read in the invoice's currency; the command holds to it, should it change meanwhile.
  const { invoice } = await access.store.current(caller.portalId, invoiceId);
  if (!invoice) throw notFound(`There is no invoice ${invoiceId}.`);
  const { currency } = invoice;
  const reading = readPayment(body, currency);
  if (!reading.ok) throw invalidBody(reading.problems);
  return runCommand(access, request, caller, { type: 'record-payment', payment: reading.value, currency });
};

const dealInput = z.strictObject({ dealId: dealIdInput }, 'an object with dealId');

/** `PUT /v1/invoices/{invoiceId}/deal`: links to a deal, or moves to it from another. */
export const putDeal: AccountingOperation = (access) => async (request, caller) => {
  const body = jsonBody(request);
  const parsed = dealInput.safeParse(body);
  if (!parsed.success) throw invalidBody(fieldProblems(parsed.error.issues, body));
  const dealId = asDealId(parsed.data.dealId) ?? null;
  return runCommand(access, request, caller, { type: 'assign-deal', dealId });
};

/** `DELETE /v1/invoices/{invoiceId}/deal`. */
export const deleteDeal: AccountingOperation = (access) => (request, caller) =>
  runCommand(access, request, caller, { type: 'assign-deal', dealId: null });

const externalIdInput = z.strictObject(
  {
    externalId: z
      .string(INVOICE_ID_RULE)
      .check(z.refine((text) => asInvoiceId(text) !== undefined, INVOICE_ID_RULE)),
    number: z.optional(line(64)),
    merge: z._default(z.boolean('true or false'), false),
  },
  'an object with externalId',
);

/** `PUT /v1/invoices/{ours}/external-id`: gives an invoice that began in HubSpot the accounting system's id; both find it from then on. */
export const putExternalId: AccountingOperation = (access) => async (request, caller) => {
  const body = jsonBody(request);
  const parsed = externalIdInput.safeParse(body);
  if (!parsed.success) throw invalidBody(fieldProblems(parsed.error.issues, body));
  const externalId = asInvoiceId(parsed.data.externalId) ?? invoiceIdOf(request);
  const { number, merge } = parsed.data;
  if (externalId === invoiceIdOf(request)) {
    throw invalidParameter(
      'externalId',
      `is ${JSON.stringify(externalId)}`,
      'another id than the one in the path',
    );
  }
  return runCommand(access, request, caller, { type: 'give-external-id', externalId, number, merge });
};

async function runCommand(
  access: LedgerAccess,
  request: ApiRequest,
  { portalId }: AccountingCaller,
  command: LedgerCommand,
): Promise<ApiResponse> {
  onlyParameters(request, []);
  const result = await access.ledger.run({
    portalId,
    invoiceId: invoiceIdOf(request),
    command,
    actor: { kind: 'accounting' },
    origin: 'accounting',
    expectedVersion: expectedVersion(request),
  });
  return answerCommand(access, portalId, result);
}
