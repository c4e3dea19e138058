import type { CurrencyCode } from './currency.ts';
import type { DealId, InvoiceId } from './identifiers.ts';
import type { MinorUnits } from './money.ts';

/** A calendar date, yyyy-mm-dd. */
export type IsoDate = string;
/** A date-time with offset, RFC 3339. */
export type IsoDateTime = string;
/** A decimal number as it was written, such as "1.50"; see decimal.ts. */
export type DecimalText = string;

export interface Customer {
  name: string;
  email?: string | undefined;
  externalId?: string | undefined;
  /** Address lines, as printed. */
  address?: string[] | undefined;
  taxId?: string | undefined;
}

export interface InvoiceLine {
  description: string;
  /** Up to 6 decimals; negative on a credit note. */
  quantity: DecimalText;
  /** Net, per unit, up to 8 decimals, never negative (EN 16931, BR-27). */
  unitPrice: DecimalText;
  /** An amount off the line. Never together with `discountRate`. */
  discount?: MinorUnits | undefined;
  /** A fraction off the line: "0.1" is 10 %. */
  discountRate?: DecimalText | undefined;
  /** A fraction: "0.19" is 19 %. None and "0" are different tax groups. */
  taxRate?: DecimalText | undefined;
  productExternalId?: string | undefined;
}

/** An invoice has no more, whether they are sent with it or recorded one by one. */
export const MAX_PAYMENTS = 500;

export interface Payment {
  paymentId: string;
  /** Negative for a reversal, never zero. */
  amount: MinorUnits;
  paidAt: IsoDate | IsoDateTime;
}

/** Who the books' record of this invoice began with. */
export type Origin = 'accounting' | 'hubspot';

/** What the accounting system or a rep states about an invoice, apart from its state, payments and deal. */
export interface InvoiceContent {
  /** Null only on a draft that began in HubSpot: it takes its number at issue. Numbers may repeat. */
  number: string | null;
  customer: Customer;
  currency: CurrencyCode;
  issueDate: IsoDate;
  dueDate: IsoDate;
  lines: InvoiceLine[];
  /** The total as the accounting system states it; where absent the computed one holds. */
  statedTotal?: MinorUnits | undefined;
  /** Where the accounting system shows the invoice; https. */
  link?: string | undefined;
  /** Where the accounting system keeps its PDF; https. */
  pdfUrl?: string | undefined;
}

/** The part of a status that is told, not derived. */
export type InvoiceState = 'draft' | 'open' | 'void';

/** One invoice as the ledger holds it. What is derived (amount paid, balance, status, overdue) is in settlement.ts. */
export interface Invoice extends InvoiceContent {
  invoiceId: InvoiceId;
  /** The accounting system's id of an invoice that began in HubSpot; both ids find it. */
  externalId?: InvoiceId | undefined;
  dealId?: DealId | undefined;
  state: InvoiceState;
  /** The accounting system said "paid" without listing the payments that made it so. */
  markedPaid: boolean;
  payments: Payment[];
  subtotal: MinorUnits;
  taxTotal: MinorUnits;
  /** Stated minus computed total; absent where there is no difference. */
  roundingAmount?: MinorUnits | undefined;
  total: MinorUnits;
  /** 1 for the first; goes on where it was if a deleted id returns. */
  version: number;
  updatedAt: IsoDateTime;
  origin: Origin;
  /** The accounting system's own time of the newest change it told us. */
  sourceUpdatedAt?: IsoDateTime | undefined;
  /** When a rep last changed it, by our clock: what the accounting system told before that has been overtaken. */
  repChangedAt?: IsoDateTime | undefined;
}

/** When each side last changed an invoice. Kept when it is deleted, so that a late message doesn't bring it back. */
export type ChangeTimes = Pick<Invoice, 'sourceUpdatedAt' | 'repChangedAt'>;
