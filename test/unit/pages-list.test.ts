import { describe, expect, test } from '@jest/globals';
import type { DealRow } from '../../functions/invoices/deal-row.ts';
import type { InvoiceId } from '../../functions/invoices/identifiers.ts';
import { arrangeRows, listLink, readListQuery } from '../../functions/pages/list-query.ts';

const row = (number: string, changes: Partial<DealRow> = {}): DealRow => ({
  invoiceId: number as InvoiceId,
  number,
  status: 'open',
  currency: 'EUR',
  total: 100n,
  amountPaid: 0n,
  balance: 100n,
  issueDate: '2026-11-01',
  dueDate: '2026-12-01',
  customerName: 'Acme',
  version: 1,
  ...changes,
});

const query = (text: string) => readListQuery(new URLSearchParams(text));
const arranged = (rows: DealRow[], text: string) =>
  arrangeRows(rows, query(text), '2026-11-22').map(({ number }) => number);

describe('the list of a deal’s invoices', () => {
  const rows = [
    row('INV-10', { dueDate: '2026-11-21', customerName: 'émile' }),
    row('INV-9', { total: 300n, customerName: 'Zoe' }),
    row('INV-100', { status: 'paid', currency: 'CHF', total: 900n, customerName: 'Anna' }),
  ];

  test('keeps the card’s order where no other is asked for', () => {
    expect(arranged(rows, '')).toEqual(['INV-10', 'INV-9', 'INV-100']);
  });

  test('orders numbers as a person does, names as a dictionary does, amounts within their currency', () => {
    expect(arranged(rows, 'sort=number')).toEqual(['INV-9', 'INV-10', 'INV-100']);
    expect(arranged(rows, 'sort=number&order=descending')).toEqual(['INV-100', 'INV-10', 'INV-9']);
    expect(arranged(rows, 'sort=customer')).toEqual(['INV-100', 'INV-10', 'INV-9']);
    expect(arranged(rows, 'sort=total')).toEqual(['INV-100', 'INV-10', 'INV-9']);
  });

  test('shows one status, where overdue is not open', () => {
    expect(arranged(rows, 'status=overdue')).toEqual(['INV-10']);
    expect(arranged(rows, 'status=open')).toEqual(['INV-9']);
    expect(arranged(rows, 'status=void')).toEqual([]);
  });

  test('shows what it can of an address that is a little off', () => {
    expect(query('status=late&sort=size&page=-1')).toEqual({
      status: undefined,
      sort: 'urgency',
      descending: false,
      page: 1,
    });
  });

  test('is linked to with what is asked for already', () => {
    expect(listLink(query('status=open&sort=due&page=3'), { page: 4 }, 't')).toBe(
      '?status=open&sort=due&page=4&ticket=t',
    );
  });
});
