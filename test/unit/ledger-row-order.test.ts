import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { instantOf } from '../../functions/invoices/calendar.ts';
import { dealRow, ROW_PREFIX, rowSortKey } from '../../functions/invoices/deal-row.ts';
import type { Invoice } from '../../functions/invoices/invoice.ts';
import { SUMMARY_SORT_KEY } from '../../functions/invoices/ledger-keys.ts';
import { settle } from '../../functions/invoices/settlement.ts';
import { anyInvoice, invoice, invoiceId, payment } from '../support/invoice-factory.ts';

/** DynamoDB compares sort keys by their bytes in UTF-8. */
const compareBytes = (a: string, b: string): number =>
  Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b)));
const inKeyOrder = (invoices: Invoice[]): Invoice[] =>
  [...invoices].sort((a, b) => compareBytes(rowSortKey(a), rowSortKey(b)));
const ids = (invoices: Invoice[]): string[] => invoices.map((each) => each.invoiceId);
const named = (id: string, fields: Partial<Invoice>) => invoice({ ...fields, invoiceId: invoiceId(id) });

/** The order in words, written down a second time without keys. */
function compareInWords(a: Invoice, b: Invoice): number {
  const [groupA, dateA] = urgency(a);
  const [groupB, dateB] = urgency(b);
  return (
    groupA - groupB ||
    (groupA === 1 ? compareBytes(dateA, dateB) : compareBytes(dateB, dateA)) ||
    compareNumbers(a.number ?? '', b.number ?? '') ||
    compareBytes(a.invoiceId, b.invoiceId)
  );
}

function urgency(each: Invoice): [group: number, date: string] {
  const last = each.payments
    .map(({ paidAt }) => instantOf(paidAt))
    .sort()
    .at(-1);
  switch (settle(each).status) {
    case 'open':
    case 'partially_paid':
      return [1, each.dueDate];
    case 'draft':
      return [2, each.issueDate];
    case 'paid':
      return [3, last ?? instantOf(each.issueDate)];
    case 'void':
      return [4, each.issueDate];
  }
}

/** Digits as numbers, everything else by code point; a number counts as a character of its first digit's kind against others. */
function compareNumbers(a: string, b: string): number {
  const [left, right] = [a, b].map((text) => text.match(/[0-9]+|[^0-9]/gu) ?? []);
  for (let i = 0; ; i++) {
    const [x, y] = [left?.[i], right?.[i]];
    if (x === undefined || y === undefined) return (x === undefined ? 0 : 1) - (y === undefined ? 0 : 1);
    const [isNumberX, isNumberY] = [/^[0-9]/.test(x), /^[0-9]/.test(y)];
    const order = isNumberX && isNumberY ? compareBigInts(BigInt(x), BigInt(y)) : compareBytes(x, y);
    if (order !== 0) return order;
  }
}

const compareBigInts = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0);

describe('The rows of a deal', () => {
  test('come as open, draft, paid, void', () => {
    const rows = [
      named('void', { state: 'void' }),
      named('paid', { markedPaid: true }),
      named('draft', { state: 'draft' }),
      named('partly', { payments: [payment('p', 1n)], dueDate: '2026-12-02' }),
      named('open', { dueDate: '2026-12-01' }),
    ];
    expect(ids(inKeyOrder(rows))).toEqual(['open', 'partly', 'draft', 'paid', 'void']);
  });

  test('that are open come by due date, the most overdue first', () => {
    const rows = ['2027-01-01', '2026-02-28', '2026-11-30'].map((dueDate) => named(dueDate, { dueDate }));
    expect(ids(inKeyOrder(rows))).toEqual(['2026-02-28', '2026-11-30', '2027-01-01']);
  });

  test.each(['draft', 'void'] as const)('that are %s come by issue date, newest first', (state) => {
    const rows = ['2026-09-30', '2026-10-01', '2025-12-31'].map((issueDate) =>
      named(issueDate, { issueDate, state }),
    );
    expect(ids(inKeyOrder(rows))).toEqual(['2026-10-01', '2026-09-30', '2025-12-31']);
  });

  test('that are paid come by last payment, else issue date, newest first, offsets taken into account', () => {
    const paid = (...days: string[]) => days.map((day, i) => payment(`p${i}`, 10_000n, day));
    const rows = [
      named('first-of-may', { payments: paid('2026-05-01') }),
      named('two-payments', { payments: paid('2026-06-02', '2026-01-01') }),
      named('flag-only', { markedPaid: true, issueDate: '2026-05-15' }),
      named('earlier-than-it-looks', { payments: paid('2026-05-01T01:00:00+02:00') }),
      named('later-that-day', { payments: paid('2026-05-01T00:00:00.001Z') }),
    ];
    expect(ids(inKeyOrder(rows))).toEqual([
      'two-payments',
      'flag-only',
      'later-that-day',
      'first-of-may',
      'earlier-than-it-looks',
    ]);
  });

  test('on one day come by number, digits compared as numbers', () => {
    const numbers = [
      'INV-10',
      'INV-9',
      'INV-9a',
      'INV-9-1',
      'INV-',
      'INV-100',
      '2',
      '10',
      '9'.repeat(64),
      'A1B10',
      'A1B9',
    ];
    const rows = numbers.map((number) => invoice({ number }));
    const sorted = inKeyOrder(rows).map(({ number }) => number);
    expect(sorted).toEqual([
      '2',
      '10',
      '9'.repeat(64),
      'A1B9',
      'A1B10',
      'INV-',
      'INV-9',
      'INV-9-1',
      'INV-9a',
      'INV-10',
      'INV-100',
    ]);
  });

  test('with equal numbers come by id, leading zeros making no difference, and one without a number first', () => {
    const rows = [
      named('b', { number: 'INV-1' }),
      named('c', { number: 'INV-001' }),
      named('a', { number: 'INV-01' }),
      named('z', { number: null }),
    ];
    expect(ids(inKeyOrder(rows))).toEqual(['z', 'a', 'b', 'c']);
  });

  test('have the order of their keys’ bytes exactly as the words say, for any invoices', () => {
    fc.assert(
      fc.property(anyInvoice, anyInvoice, (a, b) => {
        expect(compareBytes(rowSortKey(a), rowSortKey(b))).toBe(Math.sign(compareInWords(a, b)));
      }),
      { numRuns: 2000 },
    );
  });

  test('lie behind the summary and within DynamoDB’s 1,024 bytes, however long number and id are', () => {
    const alternating = named('x'.repeat(128), { number: '😀1'.repeat(32) });
    const key = rowSortKey(alternating);
    expect(Buffer.byteLength(key)).toBeLessThanOrEqual(1024);
    expect(key.startsWith(ROW_PREFIX)).toBe(true);
    expect(compareBytes(SUMMARY_SORT_KEY, key)).toBe(-1);
  });

  test('hold what a list shows, with what is derived', () => {
    const row = dealRow(invoice({ payments: [payment('p', 4_000n)], link: 'https://books.example/A-1' }));
    expect(row).toEqual({
      invoiceId: 'A-1',
      number: 'INV-1',
      status: 'partially_paid',
      currency: 'EUR',
      total: 10_000n,
      amountPaid: 4_000n,
      balance: 6_000n,
      issueDate: '2026-11-01',
      dueDate: '2026-11-30',
      customerName: 'Anna Müller AG',
      link: 'https://books.example/A-1',
      version: 1,
    });
  });
});
