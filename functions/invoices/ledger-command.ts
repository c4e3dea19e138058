import type { CurrencyCode } from './currency.ts';
import type { DealId } from './identifiers.ts';
import type { Invoice, InvoiceContent, InvoiceState, IsoDateTime, Payment } from './invoice.ts';

/** The whole invoice as the accounting system has it. `payments` or `dealId` left out are kept as they were; a null deal unlinks. */
export interface ReplaceInvoice {
  type: 'replace';
  content: InvoiceContent;
  state: InvoiceState;
  markedPaid: boolean;
  payments?: Payment[] | undefined;
  dealId?: DealId | null | undefined;
  sourceUpdatedAt?: IsoDateTime | undefined;
}

/** One change to one invoice of the ledger that somebody asked for. */
export type LedgerCommand =
  | ReplaceInvoice
  | { type: 'delete' }
  /** `currency` is what the payment's amount was read in. */
  | { type: 'record-payment'; payment: Payment; currency: CurrencyCode }
  | { type: 'assign-deal'; dealId: DealId | null };

/** Why a command was not carried out. */
export type RefusalCode =
  | 'not-found'
  | 'stale'
  | 'status-forbids'
  | 'payment-conflict'
  | 'currency-conflict'
  | 'payments-on-draft'
  | 'amount-too-large'
  | 'invoice-too-large'
  | 'version-moved';

export interface Refusal {
  code: RefusalCode;
  /** A sentence for whoever asked: what stands in the way and what to do. */
  detail: string;
}

/** What a command comes to, seen against the invoice as it is. */
export type Decision =
  | { kind: 'change'; next: Invoice | undefined }
  | { kind: 'unchanged'; invoice: Invoice }
  | { kind: 'refused'; refusal: Refusal };
