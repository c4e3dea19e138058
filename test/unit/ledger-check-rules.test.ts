import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { runs } from '../../bin/command-line/ledger-check/feed-walk.ts';
import { dealRow } from '../../functions/invoices/deal-row.ts';
import { contribution, EMPTY_SUMMARY } from '../../functions/invoices/deal-summary.ts';
import { asInvoiceId, asPortalId } from '../../functions/invoices/identifiers.ts';
import type { Invoice } from '../../functions/invoices/invoice.ts';
import { rowDifferences, strayReason } from '../../functions/invoices/ledger-check/compare-row.ts';
import {
  rowContribution,
  summaryDifferences,
  summaryRepair,
} from '../../functions/invoices/ledger-check/compare-summary.ts';
import { EMPTY_HISTORY, historyFault, withEvent } from '../../functions/invoices/ledger-check/history.ts';
import { ledgerItemKind } from '../../functions/invoices/ledger-check/ledger-item.ts';
import { describeProblem } from '../../functions/invoices/ledger-check/problem.ts';
import { eventItem, invoiceItem, rowItem } from '../../functions/invoices/ledger-items.ts';
import { feedEntryKey, sequenceKey, settingsKey, summaryKey } from '../../functions/invoices/ledger-keys.ts';

const portalId = asPortalId('4711');
const invoiceId = asInvoiceId('A-1');
if (!portalId || !invoiceId) throw new Error('These are ids.');

const invoice: Invoice = {
  invoiceId,
  number: 'INV-1',
  customer: { name: 'Anna Berg' },
  currency: 'EUR',
  issueDate: '2026-01-10',
  dueDate: '2026-02-10',
  lines: [],
  state: 'open',
  markedPaid: false,
  payments: [],
  subtotal: 0n,
  taxTotal: 0n,
  total: 10_000n,
  version: 3,
  updatedAt: '2026-01-10T00:00:00.000Z',
  origin: 'accounting',
};

describe('an item is told by its key', () => {
  test('every item that the ledger writes is known again', () => {
    const event = {
      eventId: 'A-1:3',
      type: 'invoice.updated',
      at: '2026-01-10T00:00:00.000Z',
      invoiceId,
      version: 3,
      actor: { kind: 'accounting' },
      origin: 'accounting',
    } as const;
    expect(ledgerItemKind(invoiceItem(portalId, invoice))).toEqual({ kind: 'invoice', portalId, invoiceId });
    expect(ledgerItemKind(eventItem(portalId, event))).toEqual({
      kind: 'event',
      portalId,
      invoiceId,
      version: 3,
    });
    expect(ledgerItemKind(rowItem(portalId, invoice))).toEqual({
      kind: 'row',
      portalId,
      dealId: undefined,
      invoiceId,
    });
    expect(ledgerItemKind(feedEntryKey(portalId, 1234))).toEqual({
      kind: 'feed-entry',
      portalId,
      sequence: 1234,
    });
  });

  test('the counter, settings and outcomes are none of the check’s', () => {
    for (const key of [
      sequenceKey(portalId),
      settingsKey(portalId),
      { pk: '4711#command#x#deal#5', sk: 'outcome' },
    ]) {
      expect(ledgerItemKind(key)).toEqual({ kind: 'other' });
    }
  });
});

describe('a row', () => {
  const row = rowItem(portalId, invoice);

  test('an amount is the same as a number and as a bigint', () => {
    expect(rowDifferences({ ...row, total: 10_000, balance: 10_000n }, portalId, invoice)).toEqual([]);
  });

  test('what differs, is missing or is too much is named', () => {
    const { customerName, ...damaged } = row;
    expect(rowDifferences({ ...damaged, total: 1n, extra: true }, portalId, invoice)).toEqual([
      'customerName',
      'extra',
      'total',
    ]);
  });

  test('it belongs where its invoice’s row belongs, and nowhere else', () => {
    expect(strayReason(row, portalId, invoice)).toBeUndefined();
    expect(strayReason(row, portalId, undefined)).toBe('there is no such invoice');
    expect(strayReason({ ...row, sk: 'row#1#2030' }, portalId, invoice)).toMatch(/another place/);
    expect(strayReason({ ...row, pk: '4711#deal#1' }, portalId, invoice)).toBe('the invoice is on no deal');
  });

  test('it adds to a summary what its invoice adds, in every state', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('draft', 'open', 'void' as const),
        fc.boolean(),
        fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }),
        fc.bigInt({ min: -1000n, max: 10n ** 15n }),
        (state, markedPaid, total, amount) => {
          const payments = [{ paymentId: 'p', amount, paidAt: '2026-01-11' }];
          const some = { ...invoice, state: state as Invoice['state'], markedPaid, total, payments };
          expect(rowContribution(dealRow(some))).toEqual(contribution(some));
        },
      ),
    );
  });
});

describe('a summary', () => {
  const sum = contribution(invoice);
  const right = {
    ...summaryKey(portalId, '5' as never),
    revision: 4,
    invoiceCount: 1,
    draftCount: 0,
    voidCount: 0,
    count_EUR: 1,
    total_EUR: 10_000n,
    amountPaid_EUR: 0,
    balance_EUR: 10_000,
  };

  test('the right one has no differences, nor has none at all over no invoices', () => {
    expect(summaryDifferences(right, sum)).toEqual([]);
    expect(summaryDifferences(undefined, EMPTY_SUMMARY)).toEqual([]);
    expect(summaryDifferences({ invoiceCount: 0, total_JPY: 0 }, EMPTY_SUMMARY)).toEqual([]);
  });

  test('money is told as money, counts as counts, and what is no number as such', () => {
    const damaged = { ...right, total_EUR: 9_999, count_EUR: 2, balance_KWD: 1_500, voidCount: 'x' };
    expect(summaryDifferences(damaged, sum)).toEqual([
      'balance_KWD is 1.500, should be 0.000',
      'count_EUR is 2, should be 1',
      'total_EUR is 99.99, should be 100.00',
      'voidCount is not a whole number, should be 0',
    ]);
  });

  test('a repair leaves no difference', () => {
    const damaged = { ...right, total_EUR: 1, balance_KWD: 1_500, voidCount: 9 };
    expect(summaryDifferences({ ...damaged, ...summaryRepair(damaged, sum) }, sum)).toEqual([]);
  });
});

describe('a history', () => {
  const history = (versions: number[], version?: number) => ({
    ...versions.reduce(withEvent, EMPTY_HISTORY),
    version,
  });

  test('events 1 to the version are whole, in whatever order they come', () => {
    expect(historyFault(history([3, 1, 2], 3))).toBeUndefined();
  });

  test('a missing event, one too many and a missing invoice are told', () => {
    expect(historyFault(history([1, 3], 3))).toBe('1 of its 3 changes is missing from its history');
    expect(historyFault(history([], 1))).toBe('1 of its 1 change is missing from its history');
    expect(historyFault(history([1, 2], 1))).toMatch(/at version 1, and there are events up to 2/);
    expect(historyFault(history([1]))).toBe('the invoice is missing');
  });
});

test('missing numbers are told as runs', () => {
  expect(runs([3, 4, 7])).toEqual([
    [3, 4],
    [7, 7],
  ]);
  expect(runs([])).toEqual([]);
});

test('a problem is one line with portal, what is wrong and what was done', () => {
  const problem = { kind: 'row-missing', portalId, invoiceId, dealId: undefined } as const;
  expect(describeProblem(problem, { kind: 'repaired' })).toBe(
    'Portal 4711, invoice A-1: its row among those on no deal is missing. Repaired: the row was written from the invoice.',
  );
  expect(describeProblem(problem, { kind: 'left', why: 'others kept changing it' })).toMatch(
    /Left as it is: others kept changing it\.$/,
  );
});
