import { describe, expect, test } from '@jest/globals';
import { dateInTimeZone } from '../../functions/invoices/calendar.ts';
import type { Invoice } from '../../functions/invoices/invoice.ts';
import { isOverdue, settle } from '../../functions/invoices/settlement.ts';
import { payment } from '../support/invoice-factory.ts';

type Facts = Pick<Invoice, 'state' | 'markedPaid' | 'total'> & { paid: bigint[] };

const settled = ({ paid, ...facts }: Facts) =>
  settle({ ...facts, payments: paid.map((amount, i) => payment(`p${i}`, amount)) });

const open = (total: bigint, ...paid: bigint[]): Facts => ({ state: 'open', markedPaid: false, total, paid });
const flagged = (total: bigint, ...paid: bigint[]): Facts => ({ ...open(total, ...paid), markedPaid: true });

describe('An open invoice', () => {
  test.each([
    ['without payments is open', open(100n), 'open', 0n, 100n],
    ['paid in part is partially paid', open(100n, 40n), 'partially_paid', 40n, 60n],
    ['paid in full is paid', open(100n, 40n, 60n), 'paid', 100n, 0n],
    ['that is overpaid is paid and has a negative balance', open(100n, 130n), 'paid', 130n, -30n],
    ['whose payment was reversed in full is open again', open(100n, 100n, -100n), 'open', 0n, 100n],
    [
      'whose payment was reversed in part is partially paid',
      open(100n, 100n, -1n),
      'partially_paid',
      99n,
      1n,
    ],
    ['with more reversed than paid is open and owes more', open(100n, -20n), 'open', -20n, 120n],
    ['over nothing is paid', open(0n), 'paid', 0n, 0n],
    ['over nothing with a payment is paid and owes it back', open(0n, 5n), 'paid', 5n, -5n],
    ['that credits is open until it is paid out', open(-100n), 'open', 0n, -100n],
    ['that credits, paid out in part, is partially paid', open(-100n, -40n), 'partially_paid', -40n, -60n],
    ['that credits, paid out, is paid', open(-100n, -100n), 'paid', -100n, 0n],
    ['that credits is not covered by a payment of the other sign', open(-100n, 100n), 'open', 100n, -200n],
  ])('%s', (_title, facts, status, amountPaid, balance) => {
    expect(settled(facts)).toEqual({ status, amountPaid, balance });
  });
});

describe('An invoice with the paid flag', () => {
  test.each([
    ['has its total as paid', flagged(100n), 100n, 0n],
    ['is filled by payments that arrive later', flagged(100n, 40n), 100n, 0n],
    ['is filled to the last', flagged(100n, 40n, 60n), 100n, 0n],
    ['counts payments beyond its total', flagged(100n, 130n), 130n, -30n],
    ['that credits has its total as paid', flagged(-100n), -100n, 0n],
    ['that credits is filled too', flagged(-100n, -40n), -100n, 0n],
    ['that credits counts payouts beyond its total', flagged(-100n, -130n), -130n, 30n],
    ['over nothing is paid', flagged(0n), 0n, 0n],
  ])('%s', (_title, facts, amountPaid, balance) => {
    expect(settled(facts)).toEqual({ status: 'paid', amountPaid, balance });
  });
});

test('a void invoice keeps its payments and owes nothing', () => {
  expect(settled({ ...open(100n, 40n), state: 'void' })).toEqual({
    status: 'void',
    amountPaid: 40n,
    balance: 0n,
  });
});

test('a draft is a draft whatever its total', () => {
  expect(settled({ ...open(0n), state: 'draft' }).status).toBe('draft');
  expect(settled({ ...open(100n), state: 'draft' })).toEqual({
    status: 'draft',
    amountPaid: 0n,
    balance: 100n,
  });
});

describe('Overdue', () => {
  test('begins on the day after the due date', () => {
    expect(isOverdue('open', '2026-11-30', '2026-11-30')).toBe(false);
    expect(isOverdue('open', '2026-11-30', '2026-12-01')).toBe(true);
  });

  test('is only what is still open', () => {
    const statuses = ['draft', 'open', 'partially_paid', 'paid', 'void'] as const;
    expect(statuses.filter((status) => isOverdue(status, '2026-01-01', '2026-12-01'))).toEqual([
      'open',
      'partially_paid',
    ]);
  });

  test.each([
    ['UTC', '2026-12-01'],
    ['Pacific/Kiritimati', '2026-12-01'],
    ['America/Los_Angeles', '2026-11-30'],
    ['Pacific/Pago_Pago', '2026-11-30'],
  ])('depends on the day it is in %s', (timeZone, day) => {
    expect(dateInTimeZone(Date.parse('2026-12-01T02:00:00Z'), timeZone)).toBe(day);
  });

  test('follows the time zone’s summer time', () => {
    const evening = (date: string) => dateInTimeZone(Date.parse(`${date}T22:30:00Z`), 'Europe/Berlin');
    expect([evening('2026-07-01'), evening('2026-12-01')]).toEqual(['2026-07-02', '2026-12-01']);
  });
});
