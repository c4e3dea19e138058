import { describe, expect, test } from '@jest/globals';
import type { Invoice } from '../../functions/invoices/invoice.ts';
import { eventJson, invoiceJson, summaryJson } from '../../functions/invoices/invoice-json.ts';
import { changeType, eventIdOf, type LedgerEvent } from '../../functions/invoices/ledger-event.ts';
import { dealId, invoice, invoiceId, invoiceLine, payment } from '../support/invoice-factory.ts';

const draft = invoice({ state: 'draft' });
const open = invoice();
const paid = invoice({ markedPaid: true });
const partly = invoice({ payments: [payment('p', 1n)] });
const covered = invoice({ payments: [payment('p', 10_000n)] });
const free = invoice({ lines: [], statedTotal: 0n });
const markedFree = invoice({ lines: [], statedTotal: 0n, markedPaid: true });
const voided = invoice({ state: 'void' });
const onDeal = (deal: string, from: Invoice = open): Invoice => ({ ...from, dealId: dealId(deal) });

test.each<[string, string, Invoice | undefined, Invoice | undefined]>([
  ['created', 'a first version', undefined, open],
  ['created', 'a first version that is paid at once and on a deal', undefined, onDeal('1', paid)],
  ['deleted', 'a removal', draft, undefined],
  ['updated', 'a changed text', open, { ...open, link: 'https://books.example' }],
  ['updated', 'a paid flag taken off', paid, open],
  ['updated', 'an issued invoice made a draft', open, draft],
  ['updated', 'a void invoice opened again', voided, open],
  ['updated', 'another amount of a known payment', partly, invoice({ payments: [payment('p', 2n)] })],
  ['updated', 'a payment taken away', partly, open],
  ['updated', 'a changed text of what is void', voided, { ...voided, number: 'X' }],
  ['updated', 'a changed text of what is paid', paid, { ...paid, number: 'X' }],
  ['linked', 'a deal of what is void', voided, onDeal('1', voided)],
  ['issued', 'a draft opened', draft, open],
  ['issued', 'a draft opened and put on a deal', draft, onDeal('1')],
  ['issued', 'a draft over nothing opened', invoice({ ...free, state: 'draft' }), free],
  ['paid', 'a draft over nothing that is paid at once', invoice({ ...free, state: 'draft' }), markedFree],
  ['paid', 'an open invoice whose total becomes nothing', open, free],
  ['paid', 'a draft that is opened with all its payments', draft, covered],
  ['payment_recorded', 'a draft opened with a payment', draft, partly],
  ['payment_recorded', 'a payment that leaves a balance', open, partly],
  ['payment_recorded', 'a payment onto the paid flag', paid, { ...paid, payments: [payment('p', 1n)] }],
  ['payment_recorded', 'a payment and a deal', open, onDeal('1', partly)],
  ['paid', 'the payment that covers the total', partly, covered],
  ['paid', 'the paid flag', open, paid],
  ['paid', 'a draft that is paid at once', draft, paid],
  ['voided', 'a void', partly, { ...partly, state: 'void' }],
  ['voided', 'a void that also unlinks', onDeal('1'), voided],
  ['linked', 'a first deal', open, onDeal('1')],
  ['linked', 'a move to another deal', onDeal('1'), onDeal('2')],
  ['linked', 'a deal and a new text', open, { ...onDeal('1'), number: 'INV-2' }],
  ['unlinked', 'a deal taken away', onDeal('1'), open],
])('%s is the type of %s', (type, _what, before, after) => {
  expect(changeType(before, after)).toBe(`invoice.${type}`);
});

describe('An invoice as others read it', () => {
  const shown = invoiceJson(
    invoice({
      currency: 'KWD',
      lines: [invoiceLine({ quantity: '1', unitPrice: '10', discount: 500n, taxRate: '0.05' })],
      statedTotal: 10_000n,
      payments: [payment('p', 4_000n)],
      dealId: dealId('5'),
    }),
    '2026-12-01',
  );

  test('has money with the currency’s decimals, and what is derived', () => {
    expect(shown).toMatchObject({
      subtotal: '9.500',
      taxTotal: '0.475',
      roundingAmount: '0.025',
      total: '10.000',
      amountPaid: '4.000',
      balance: '6.000',
      status: 'partially_paid',
      overdue: true,
      payments: [{ paymentId: 'p', amount: '4.000', paidAt: '2026-11-10' }],
      lines: [{ discount: '0.500', quantity: '1', unitPrice: '10' }],
      version: 1,
      origin: 'accounting',
    });
  });

  test('shows nothing of how it is kept', () => {
    const names = Object.keys(JSON.parse(JSON.stringify(shown)));
    for (const kept of ['state', 'markedPaid', 'statedTotal', 'pk', 'sk', 'entity'])
      expect(names).not.toContain(kept);
  });

  test('has no rounding amount where there is none', () => {
    expect(JSON.parse(JSON.stringify(invoiceJson(invoice(), '2026-11-02')))).not.toHaveProperty(
      'roundingAmount',
    );
  });
});

test('a summary as others read it has money as strings and no counts of its own bookkeeping', () => {
  const totals = { currency: 'JPY', count: 2, total: 900n, amountPaid: 0n, balance: 900n };
  expect(summaryJson({ invoiceCount: 3, draftCount: 1, voidCount: 0, currencies: [totals] })).toEqual({
    invoiceCount: 3,
    draftCount: 1,
    voidCount: 0,
    currencies: [{ currency: 'JPY', total: '900', amountPaid: '0', balance: '900' }],
  });
});

test('an event tells whether the invoice was overdue on the portal’s day of the change', () => {
  const event: LedgerEvent = {
    eventId: eventIdOf(invoiceId('A-1'), 2),
    type: 'invoice.linked',
    at: '2026-12-01T02:00:00.000Z',
    invoiceId: invoiceId('A-1'),
    version: 2,
    dealId: dealId('5'),
    actor: { kind: 'accounting' },
    origin: 'accounting',
    before: open,
    after: onDeal('5'),
  };
  const { before, after, ...rest } = eventJson(event, 'America/New_York');
  expect([before?.overdue, after?.overdue, eventJson(event, 'UTC').after?.overdue]).toEqual([
    false,
    false,
    true,
  ]);
  expect(rest).toEqual({
    eventId: 'A-1:2',
    type: 'invoice.linked',
    at: '2026-12-01T02:00:00.000Z',
    invoiceId: 'A-1',
    dealId: '5',
    actor: { kind: 'accounting' },
    origin: 'accounting',
  });
  expect(eventJson({ ...event, before: undefined }, 'UTC').before).toBeNull();
});
