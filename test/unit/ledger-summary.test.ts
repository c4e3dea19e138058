import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  addSummaries,
  contribution,
  type DealSummary,
  EMPTY_SUMMARY,
  isEmptySummary,
} from '../../functions/invoices/deal-summary.ts';
import type { DealId } from '../../functions/invoices/identifiers.ts';
import type { Invoice } from '../../functions/invoices/invoice.ts';
import { summaryAttributes, summaryChanges, summaryFromItem } from '../../functions/invoices/ledger-items.ts';
import { anyInvoice, dealId, invoice, payment } from '../support/invoice-factory.ts';

const sumOf = (invoices: Invoice[]): DealSummary =>
  invoices.map(contribution).reduce((sum, each) => addSummaries(sum, each), EMPTY_SUMMARY);

describe('A deal’s summary', () => {
  test('counts every invoice and sums open, partially paid and paid ones by currency', () => {
    const summary = sumOf([
      invoice({ total: 100n }),
      invoice({ total: 50n, payments: [payment('p', 20n)] }),
      invoice({ total: 7n, markedPaid: true }),
      invoice({ total: 900n, currency: 'JPY' }),
      invoice({ total: -30n, currency: 'JPY' }),
      invoice({ total: 1_000n, state: 'draft' }),
      invoice({ total: 1_000n, state: 'void', currency: 'KWD', payments: [payment('p', 5n)] }),
    ]);
    expect(summary).toEqual({
      invoiceCount: 7,
      draftCount: 1,
      voidCount: 1,
      currencies: [
        { currency: 'EUR', count: 3, total: 157n, amountPaid: 27n, balance: 130n },
        { currency: 'JPY', count: 2, total: 870n, amountPaid: 0n, balance: 870n },
      ],
    });
  });

  test('keeps a currency whose sums come to zero and drops one that no invoice has any more', () => {
    const [charge, credit] = [invoice({ total: 100n }), invoice({ total: -100n })];
    const both = sumOf([charge, credit]);
    expect(both.currencies).toEqual([{ currency: 'EUR', count: 2, total: 0n, amountPaid: 0n, balance: 0n }]);
    const none = [charge, credit].reduce((sum, each) => addSummaries(sum, contribution(each), -1), both);
    expect(none).toEqual(EMPTY_SUMMARY);
    expect(isEmptySummary(none)).toBe(true);
  });

  test('loses nothing beyond 2^53, also through its stored attributes', () => {
    const huge = invoice({ total: 10n ** 17n - 1n });
    const summary = sumOf([huge, huge, huge]);
    expect(summary.currencies[0]?.total).toBe(3n * 10n ** 17n - 3n);
    expect(summaryFromItem({ pk: 'p', sk: '!summary', revision: 9, ...summaryAttributes(summary) })).toEqual(
      summary,
    );
  });

  test('of a deal that never had an invoice is empty', () => {
    expect(summaryFromItem(undefined)).toEqual(EMPTY_SUMMARY);
  });
});

describe('What a change adds to the summaries', () => {
  const deals = [undefined, dealId('1'), dealId('2')];
  const anyPlaced = fc
    .tuple(anyInvoice, fc.constantFrom(...deals))
    .map(([each, deal]): Invoice => ({ ...each, dealId: deal }));
  const anySequence = fc.array(fc.tuple(fc.nat(3), fc.option(anyPlaced, { nil: undefined })), {
    maxLength: 30,
  });

  test('comes to the sum of what each deal’s invoices contribute, after any sequence of changes', () => {
    fc.assert(
      fc.property(anySequence, (changes) => {
        const invoices = new Map<number, Invoice>();
        const stored = new Map<DealId, Record<string, bigint>>();
        for (const [slot, after] of changes) {
          for (const [deal, added] of summaryChanges([invoices.get(slot)], after)) {
            addTo(stored, deal, added);
          }
          if (after) invoices.set(slot, after);
          else invoices.delete(slot);
        }
        for (const deal of [dealId('1'), dealId('2')]) {
          const onDeal = [...invoices.values()].filter((each) => each.dealId === deal);
          expect(summaryFromItem(stored.get(deal))).toEqual(sumOf(onDeal));
        }
      }),
    );
  });

  /** Adds the attributes one by one, as DynamoDB's ADD does. */
  function addTo(stored: Map<DealId, Record<string, bigint>>, deal: DealId, added: DealSummary): void {
    const item = stored.get(deal) ?? {};
    for (const [name, value] of Object.entries(summaryAttributes(added))) {
      item[name] = (item[name] ?? 0n) + BigInt(value);
    }
    stored.set(deal, item);
  }

  test('is nothing for an invoice on no deal', () => {
    expect(summaryChanges([undefined], invoice())).toEqual(new Map());
  });

  test('takes off one deal what it puts on the other', () => {
    const before = invoice({ dealId: dealId('1') });
    const changes = summaryChanges([before], { ...before, dealId: dealId('2') });
    expect(changes.get(dealId('2'))).toEqual(contribution(before));
    expect(addSummaries(changes.get(dealId('1')) ?? EMPTY_SUMMARY, contribution(before))).toEqual(
      EMPTY_SUMMARY,
    );
  });

  test('takes off every invoice that goes away in it, also where two of them are on one deal', () => {
    const [ours, theirs] = [invoice({ dealId: dealId('1') }), invoice({ dealId: dealId('1'), total: 700n })];
    const elsewhere = { ...theirs, dealId: dealId('2') };
    const merged = { ...theirs, invoiceId: ours.invoiceId };
    const onOneDeal = summaryChanges([ours, theirs], merged).get(dealId('1')) ?? EMPTY_SUMMARY;
    expect(addSummaries(onOneDeal, sumOf([ours, theirs]))).toEqual(sumOf([merged]));
    const onTwo = summaryChanges([ours, elsewhere], merged);
    expect(addSummaries(onTwo.get(dealId('1')) ?? EMPTY_SUMMARY, sumOf([ours]))).toEqual(sumOf([merged]));
    expect(addSummaries(onTwo.get(dealId('2')) ?? EMPTY_SUMMARY, sumOf([elsewhere]))).toEqual(EMPTY_SUMMARY);
  });
});
