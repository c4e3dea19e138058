import type { CurrencyCode } from './currency.ts';
import type { DealId, InvoiceId } from './identifiers.ts';
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

/** What a rep states about an invoice: everything but its number, which it takes at issue. */
export type RepContent = Omit<InvoiceContent, 'number' | 'statedTotal'>;

/** What giving an id becomes where the accounting system has an invoice under it: its content wins, our deal stays. */
export interface MergeInvoices {
  type: 'merge';
  accounting: Invoice;
  /** The number that was sent along. */
  number?: string | undefined;
}

/** What the accounting system may ask of any invoice. */
export type AccountingCommand =
  | ReplaceInvoice
  | { type: 'delete' }
  /** `currency` is what the payment's amount was read in. */
  | { type: 'record-payment'; payment: Payment; currency: CurrencyCode }
  | { type: 'assign-deal'; dealId: DealId | null }
  /** The accounting system's own id, and number, for an invoice that began in HubSpot; `merge` where it has one under that id already. */
  | { type: 'give-external-id'; externalId: InvoiceId; number?: string | undefined; merge: boolean }
  | MergeInvoices;

/** What a rep may ask from HubSpot: a draft can be changed or deleted, what was issued can be voided. */
export type RepCommand =
  | { type: 'create'; content: RepContent; dealId: DealId; issue: boolean }
  | { type: 'edit'; content: RepContent; issue: boolean }
  | { type: 'issue' }
  | { type: 'void' }
  | { type: 'delete-draft' }
  | { type: 'record-payment'; payment: Payment; currency: CurrencyCode };

/** One change to one invoice of the ledger that somebody asked for. */
export type LedgerCommand = AccountingCommand | RepCommand;

/** Why a command was not carried out. */
export type RefusalCode =
  | 'not-found'
  | 'already-exists'
  | 'stale'
  | 'number-missing'
  | 'status-forbids'
  | 'payment-conflict'
  | 'too-many-payments'
  | 'currency-conflict'
  | 'payments-on-draft'
  | 'external-id-taken'
  | 'number-conflict'
  | 'amount-too-large'
  | 'invoice-too-large'
  | 'version-moved'
  | 'key-reused';

export interface Refusal {
  code: RefusalCode;
  /** A sentence for whoever asked: what stands in the way and what to do. */
  detail: string;
}

/** What a command comes to, seen against the invoice as it is. */
export type Decision =
  | { kind: 'change'; next: Invoice | undefined }
  /** Nothing that anyone could see changes; `invoice` may carry what is only kept for later, such as the source's own time. */
  | { kind: 'unchanged'; invoice: Invoice }
  /** The invoice is issued by this and has no number yet: decide again with the next one. */
  | { kind: 'needs-number' }
  | { kind: 'refused'; refusal: Refusal };
