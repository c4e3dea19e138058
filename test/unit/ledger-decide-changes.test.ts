import { describe, expect, test } from '@jest/globals';
import { decide } from '../../functions/invoices/decide.ts';
import type { Invoice } from '../../functions/invoices/invoice.ts';
import type { Decision, LedgerCommand } from '../../functions/invoices/ledger-command.ts';
import { dealId, invoice, invoiceId, payment } from '../support/invoice-factory.ts';

const context = {
  invoiceId: invoiceId('A-1'),
  at: '2026-11-22T10:00:00.000Z',
  origin: 'accounting',
} as const;
const onto = (current: Invoice | undefined, command: LedgerCommand): Decision =>
  decide({ invoice: current, version: current?.version ?? 3 }, command, context);
const refusalCode = (decision: Decision) =>
  decision.kind === 'refused' ? decision.refusal.code : decision.kind;
const record = (id: string, amount: bigint, currency = 'EUR'): LedgerCommand => ({
  type: 'record-payment',
  payment: payment(id, amount),
  currency,
});
const assign = (deal: string | null): LedgerCommand => ({
  type: 'assign-deal',
  dealId: deal === null ? null : dealId(deal),
});

test.each<LedgerCommand>([{ type: 'delete' }, record('p', 1n), assign('5'), assign(null)])(
  'what needs an invoice finds none under a new or deleted id: $type',
  (command) => {
    const decision = onto(undefined, command);
    expect(refusalCode(decision)).toBe('not-found');
    expect(decision).toMatchObject({ refusal: { detail: expect.stringContaining('A-1') } });
  },
);

describe('A payment', () => {
  test('is added to an open invoice, whose version goes up', () => {
    const before = invoice({ payments: [payment('p1', 1n)], version: 4 });
    expect(onto(before, record('p2', -1n))).toEqual({
      kind: 'change',
      next: {
        ...before,
        payments: [payment('p1', 1n), payment('p2', -1n)],
        version: 5,
        updatedAt: context.at,
      },
    });
  });

  test('is taken by an invoice that is paid already, by flag or by payments', () => {
    expect(onto(invoice({ markedPaid: true }), record('p', 1n)).kind).toBe('change');
    expect(onto(invoice({ payments: [payment('p', 10_000n)] }), record('q', 1n)).kind).toBe('change');
  });

  test.each([invoice(), invoice({ state: 'void' })])('counts once however often it is sent', (open) => {
    const before = { ...open, payments: [payment('p', 500n)] };
    expect(onto(before, record('p', 500n))).toEqual({ kind: 'unchanged', invoice: before });
  });

  test('whose id is known with another amount is a conflict that names both', () => {
    const decision = onto(invoice({ payments: [payment('p', 500n)] }), record('p', 501n));
    expect(decision).toMatchObject({
      refusal: { code: 'payment-conflict', detail: expect.stringContaining('5.00 EUR') },
    });
  });

  test.each(['draft', 'void'] as const)('is refused by an invoice that is %s', (state) => {
    expect(refusalCode(onto(invoice({ state }), record('p', 1n)))).toBe('status-forbids');
  });

  test('read in a currency that the invoice no longer has is refused', () => {
    expect(refusalCode(onto(invoice(), record('p', 1n, 'JPY')))).toBe('currency-conflict');
  });

  test('is refused as the 501st', () => {
    const payments = Array.from({ length: 500 }, (_, i) => payment(`p${i}`, 1n));
    expect(refusalCode(onto(invoice({ payments }), record('p', 1n)))).toBe('too-many-payments');
    expect(onto(invoice({ payments: payments.slice(1) }), record('p', 1n)).kind).toBe('change');
  });
});

describe('A deletion', () => {
  test.each(['draft', 'void'] as const)('takes an invoice that is %s', (state) => {
    expect(onto(invoice({ state }), { type: 'delete' })).toEqual({ kind: 'change', next: undefined });
  });

  test.each<[string, Partial<Invoice>]>([
    ['open', {}],
    ['partially_paid', { payments: [payment('p', 1n)] }],
    ['paid', { markedPaid: true }],
  ])('refuses one that is %s and advises to void it', (status, fields) => {
    const decision = onto(invoice(fields), { type: 'delete' });
    expect(decision).toMatchObject({
      refusal: { code: 'status-forbids', detail: expect.stringMatching(/void it/) },
    });
    expect(decision).toMatchObject({ refusal: { detail: expect.stringContaining(status) } });
  });
});

describe('Assigning a deal', () => {
  test.each<[string, string | undefined, string | null]>([
    ['links', undefined, '5'],
    ['moves', '4', '5'],
    ['unlinks', '5', null],
  ])('%s, whatever the invoice’s status', (_title, from, to) => {
    for (const fields of [{}, { state: 'draft' }, { state: 'void' }, { markedPaid: true }] as const) {
      const before = invoice({ ...fields, dealId: from === undefined ? undefined : dealId(from) });
      const decision = onto(before, assign(to));
      expect(decision).toEqual({
        kind: 'change',
        next: { ...before, dealId: to ?? undefined, version: 2, updatedAt: context.at },
      });
    }
  });

  test('to the deal it is on, or none where it is on none, changes nothing', () => {
    expect(onto(invoice({ dealId: dealId('5') }), assign('5')).kind).toBe('unchanged');
    expect(onto(invoice(), assign(null)).kind).toBe('unchanged');
  });
});
