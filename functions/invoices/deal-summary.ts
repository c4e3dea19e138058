import type { CurrencyCode } from './currency.ts';
import type { Invoice } from './invoice.ts';
import type { MinorUnits } from './money.ts';
import { settle } from './settlement.ts';

/** The sums of one currency over a deal's open, partially paid and paid invoices. */
export interface CurrencyTotals {
  currency: CurrencyCode;
  /** How many invoices the sums are over. */
  count: number;
  total: MinorUnits;
  amountPaid: MinorUnits;
  balance: MinorUnits;
}

/** Counts over all of a deal's invoices, and sums for each currency; totals of different currencies are never added. */
export interface DealSummary {
  invoiceCount: number;
  draftCount: number;
  voidCount: number;
  /** Only currencies that count at least one invoice, in alphabetical order. */
  currencies: CurrencyTotals[];
}

export const EMPTY_SUMMARY: DealSummary = { invoiceCount: 0, draftCount: 0, voidCount: 0, currencies: [] };

/** What one invoice adds to its deal's summary. */
export function contribution(invoice: Invoice): DealSummary {
  const { status, amountPaid, balance } = settle(invoice);
  const counts = { invoiceCount: 1, draftCount: 0, voidCount: 0 };
  if (status === 'draft') return { ...counts, draftCount: 1, currencies: [] };
  if (status === 'void') return { ...counts, voidCount: 1, currencies: [] };
  const { currency, total } = invoice;
  return { ...counts, currencies: [{ currency, count: 1, total, amountPaid, balance }] };
}

/** `a` plus `sign` times `b`. Currencies that end at all zeros are left out. */
export function addSummaries(a: DealSummary, b: DealSummary, sign: 1 | -1 = 1): DealSummary {
  const byCurrency = new Map(a.currencies.map((totals) => [totals.currency, totals]));
  const factor = BigInt(sign);
  for (const totals of b.currencies) {
    const before = byCurrency.get(totals.currency);
    byCurrency.set(totals.currency, {
      currency: totals.currency,
      count: (before?.count ?? 0) + sign * totals.count,
      total: (before?.total ?? 0n) + factor * totals.total,
      amountPaid: (before?.amountPaid ?? 0n) + factor * totals.amountPaid,
      balance: (before?.balance ?? 0n) + factor * totals.balance,
    });
  }
  return {
    invoiceCount: a.invoiceCount + sign * b.invoiceCount,
    draftCount: a.draftCount + sign * b.draftCount,
    voidCount: a.voidCount + sign * b.voidCount,
    currencies: [...byCurrency.values()].filter(isNotZero).sort((x, y) => (x.currency < y.currency ? -1 : 1)),
  };
}

const isNotZero = (totals: CurrencyTotals): boolean =>
  totals.count !== 0 || totals.total !== 0n || totals.amountPaid !== 0n || totals.balance !== 0n;

/** Whether adding this would change nothing. */
export const isEmptySummary = (summary: DealSummary): boolean =>
  summary.invoiceCount === 0 &&
  summary.draftCount === 0 &&
  summary.voidCount === 0 &&
  summary.currencies.length === 0;
