import { fieldSentence, shownErrors } from '../http/problem.ts';
import type { FieldProblem } from '../input/field-problem.ts';
import type { Invoice, IsoDate } from '../invoices/invoice.ts';
import { type InvoiceJson, invoiceJson } from '../invoices/invoice-json.ts';
import type { Done } from '../invoices/ledger.ts';
import type { Refusal, RefusalCode } from '../invoices/ledger-command.ts';
import type { Amount, RepAction } from './policy.ts';
import { doneMessage, notAllowedMessage, type RefusalReason, refusalMessage } from './rep-messages.ts';
import type { RepRequest } from './rep-request.ts';

/** What a rep is answered, whatever came of the request. */
export interface RepAnswer {
  /** An HTTP status: 2xx where it was done, 4xx where it was refused, 503 where others kept it from being done or the table gave no answer. */
  status: number;
  body: {
    /** For the rep to read. */
    message: string;
    /** As it is now; left out where there is none, or none that the rep may know of. */
    invoice?: InvoiceJson;
    /** The fields that are wrong, with a 400. */
    errors?: FieldProblem[];
  };
  /** Why it was refused; left out where it was done. */
  reason?: RefusalReason;
}

const STATUS: Record<RefusalCode, number> = {
  'not-found': 404,
  stale: 409,
  'number-missing': 400,
  'already-exists': 409,
  'status-forbids': 409,
  'payment-conflict': 409,
  'too-many-payments': 409,
  'currency-conflict': 409,
  'payments-on-draft': 409,
  'external-id-taken': 409,
  'number-conflict': 409,
  'version-moved': 409,
  'key-reused': 409,
  'amount-too-large': 400,
  'invoice-too-large': 413,
};

/** The answer to what was done. `today` is the portal's. */
export const doneAnswer = (request: RepRequest, done: Done, today: IsoDate): RepAnswer => ({
  status: done.kind === 'created' ? 201 : 200,
  body: {
    message: doneMessage(request, done),
    ...(done.kind === 'deleted' ? {} : { invoice: invoiceJson(done.invoice, today) }),
  },
});

/** The answer to what the ledger or the state of the invoice refused, with the invoice as it is now. */
export const refusalAnswer = (
  request: RepRequest,
  refusal: Refusal,
  current: Invoice | undefined,
  today: IsoDate,
): RepAnswer => ({
  status: STATUS[refusal.code],
  body: {
    message: refusalMessage(request, refusal, current, today),
    ...asItIs(current, today),
  },
  reason: refusal.code,
});

/** There is no such invoice for whoever asks: in this portal, on this deal. */
export const noSuchInvoice = (): RepAnswer => ({
  status: 404,
  body: {
    message: 'There is no such invoice on this deal. It may have been deleted or moved; reload the page.',
  },
  reason: 'not-found',
});

/** The policy refuses: the action altogether, or for this amount. */
export const notAllowed = (
  action: RepAction,
  amount: Amount | undefined,
  invoice: Invoice | undefined,
  today: IsoDate,
): RepAnswer => ({
  status: 403,
  body: { message: notAllowedMessage(action, amount), ...asItIs(invoice, today) },
  reason: 'not-allowed',
});

/** Others kept writing for as long as a rep can wait. HubSpot's server sends the same once more on its own, which does no harm. */
export const tooBusy = (): RepAnswer => ({
  status: 503,
  body: {
    message:
      'Nothing was changed: others were saving invoices at the same moment. Try again in a few seconds.',
  },
  reason: 'busy',
});

/** The table gave no answer: whether it was done shows when the same is sent again, under the same key. */
export const unavailable = (): RepAnswer => ({
  status: 503,
  body: {
    message:
      'The ledger gave no answer, so this may or may not have been done. Send it again in a few seconds: what was done is not done twice.',
  },
  reason: 'unavailable',
});

/** Fields are missing or wrong. */
export const invalidFields = (
  errors: readonly FieldProblem[],
  invoice: Invoice | undefined,
  today: IsoDate,
): RepAnswer => ({
  status: 400,
  body: { message: fieldSentence(errors), ...asItIs(invoice, today), errors: shownErrors(errors) },
  reason: 'invalid-fields',
});

const asItIs = (invoice: Invoice | undefined, today: IsoDate): { invoice?: InvoiceJson } =>
  invoice ? { invoice: invoiceJson(invoice, today) } : {};
