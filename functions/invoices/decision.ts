import { type CurrencyCode, currencyDecimals } from './currency.ts';
import { MAX_DIGITS } from './decimal.ts';
import type { InvoiceId } from './identifiers.ts';
import type { ChangeTimes, Invoice, InvoiceContent, IsoDateTime, Origin } from './invoice.ts';
import type { Decision, RefusalCode } from './ledger-command.ts';
import { type MinorUnits, magnitude } from './money.ts';
import { sameInvoice } from './same-invoice.ts';
import { computeTotals, type Totals } from './totals.ts';

/** An id of the accounting system's that leads to another id's invoice. */
export interface Alias {
  externalId: InvoiceId;
  leadsTo: InvoiceId;
  /** The last version that the id has had by itself. */
  version: number;
}

/** What the ledger has under an id: the invoice, if there is one, and the last version the id has had (0 for never). */
export interface Current {
  invoice: Invoice | undefined;
  version: number;
  /** The accounting system's id by which the invoice was asked for, where that leads to one of ours. */
  alias?: Alias | undefined;
  /** What is left of the invoice where it was deleted. */
  deleted?: Deleted | undefined;
}

/** When each side last changed an invoice that was deleted, the deletion included. */
export interface Deleted extends ChangeTimes {
  /** The accounting system's id that still leads to the invoice: it comes back with it, under whichever of the two ids. */
  alias?: Alias | undefined;
}

/** What was found under an id, and the id it is stored under: another than asked for where that is an alias. */
export type Found = Current & { invoiceId: InvoiceId };

export interface DecisionContext {
  invoiceId: InvoiceId;
  at: IsoDateTime;
  origin: Origin;
  /** The number that an invoice issued now would take; left out until a decision asks for it. */
  nextNumber?: string | undefined;
}

/** There is nothing to carry the command out on. */
export const missing = ({ invoiceId }: DecisionContext): Decision =>
  refused('not-found', `There is no invoice ${invoiceId}.`);

/** A change, or none where the next invoice says the same as the one before. */
export function outcome(before: Invoice, next: Invoice, context: DecisionContext): Decision {
  if (!sameInvoice(before, next)) return changed(next, context);
  const { markedPaid, sourceUpdatedAt } = next;
  return { kind: 'unchanged', invoice: { ...before, markedPaid, sourceUpdatedAt } };
}

/** The next invoice with its next version, where it fits into the table. */
export function changed(next: Invoice, { at, origin }: DecisionContext): Decision {
  if (storedBytes(next) > MAX_STORED_BYTES) {
    return refused('invoice-too-large', 'The invoice is larger than 100 kB as stored.');
  }
  const byRep = origin === 'hubspot' ? { repChangedAt: at } : {};
  return { kind: 'change', next: { ...next, ...byRep, version: next.version + 1, updatedAt: at } };
}

/** The totals, or undefined where an amount is larger than a ledger can hold. */
export function boundedTotals(
  content: Pick<InvoiceContent, 'lines' | 'currency' | 'statedTotal'>,
): Totals | undefined {
  const totals = computeTotals(content);
  const { subtotal, taxTotal, total } = totals;
  return [subtotal, taxTotal, total].some((amount) => isTooLarge(amount, content.currency))
    ? undefined
    : totals;
}

/**
 * Whether an amount has more than 15 digits before the point. A stated amount can't; an invoice's lines may come to more, and the sums
 * over a deal must stay far within the 38 digits of DynamoDB's numbers.
 */
const isTooLarge = (amount: MinorUnits, currency: CurrencyCode): boolean =>
  magnitude(amount) >= 10n ** BigInt(MAX_DIGITS + currencyDecimals(currency));

export const amountTooLarge = (): Decision =>
  refused('amount-too-large', `The lines come to more than ${MAX_DIGITS} digits before the point.`);

/** An event holds an invoice twice, before and after, and DynamoDB's items end at 400 kB. */
const MAX_STORED_BYTES = 100_000;

const storedBytes = (invoice: Invoice): number =>
  Buffer.byteLength(
    JSON.stringify(invoice, (_key, value) => (typeof value === 'bigint' ? value.toString() : value)),
  );

export const refused = (code: RefusalCode, detail: string): Decision => ({
  kind: 'refused',
  refusal: { code, detail },
});
