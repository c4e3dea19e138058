import { describe, expect, test } from '@jest/globals';
import type { ReplaceInvoice } from '../../functions/invoices/ledger-command.ts';
import { readAccountingInvoice, readPayment } from '../../functions/invoices/read-invoice-input.ts';
import { bodyLine, invoiceBody } from '../support/invoice-factory.ts';

function commandOf(fields: Record<string, unknown>): ReplaceInvoice {
  const reading = readAccountingInvoice(invoiceBody(fields));
  if (!reading.ok) throw new Error(JSON.stringify(reading.problems));
  return reading.value;
}

describe('An invoice as sent', () => {
  test('becomes a command with money in minor units and numbers as written', () => {
    const payments = [{ paymentId: 'p1', amount: '-10.50', paidAt: '2026-11-10T08:00:00+01:00' }];
    const customer = {
      name: 'Anna',
      email: 'anna@example.com',
      externalId: 'C/1',
      address: ['Main St 1', 'Berlin'],
      taxId: 'DE1',
    };
    expect(
      commandOf({
        customer,
        lines: [bodyLine({ quantity: '-1.50', discount: '-2.00', productExternalId: 'P 1' })],
        total: '-71.4',
        payments,
        dealId: '123',
        link: 'https://books.example/1',
        pdfUrl: 'https://books.example/1.pdf',
        sourceUpdatedAt: '2026-11-01T10:00:00.123456Z',
      }),
    ).toEqual({
      type: 'replace',
      content: {
        number: 'INV-1',
        customer,
        currency: 'EUR',
        issueDate: '2026-11-01',
        dueDate: '2026-11-30',
        lines: [
          {
            description: 'Consulting',
            quantity: '-1.50',
            unitPrice: '50.00',
            discount: -200n,
            taxRate: '0.19',
            productExternalId: 'P 1',
          },
        ],
        statedTotal: -7_140n,
        link: 'https://books.example/1',
        pdfUrl: 'https://books.example/1.pdf',
      },
      state: 'open',
      markedPaid: false,
      payments: [{ paymentId: 'p1', amount: -1_050n, paidAt: '2026-11-10T08:00:00+01:00' }],
      dealId: '123',
      sourceUpdatedAt: '2026-11-01T10:00:00.123456Z',
    });
  });

  test.each([
    ['draft', 'draft', false],
    ['open', 'open', false],
    ['paid', 'open', true],
    ['void', 'void', false],
  ])('with status %s is %s, paid flag %s', (status, state, markedPaid) => {
    expect(commandOf({ status })).toMatchObject({ state, markedPaid });
  });

  test('tells a deal left out from one taken away, and payments left out from none', () => {
    expect(commandOf({})).toMatchObject({ dealId: undefined, payments: undefined });
    expect(commandOf({ dealId: null, payments: [] })).toMatchObject({ dealId: null, payments: [] });
  });

  test('may have no lines where it states its total, zero included', () => {
    expect(commandOf({ lines: undefined, total: '1190.00' }).content).toMatchObject({
      lines: [],
      statedTotal: 119_000n,
    });
    expect(commandOf({ lines: [], total: '0' }).content.statedTotal).toBe(0n);
  });

  test('may be due on the day it is issued', () => {
    expect(commandOf({ dueDate: '2026-11-01' }).content.dueDate).toBe('2026-11-01');
  });

  test('may take an amount off a credited line either way it is signed', () => {
    for (const discount of ['1.00', '-1.00']) {
      expect(commandOf({ lines: [bodyLine({ quantity: '-1', discount })] }).content.lines).toHaveLength(1);
    }
  });
});

describe('A payment as sent', () => {
  const body = { paymentId: 'p1', amount: '1190', paidAt: '2026-11-10' };

  test('is read in the currency of its invoice', () => {
    expect(readPayment(body, 'JPY')).toMatchObject({ ok: true, value: { amount: 1190n } });
    expect(readPayment(body, 'KWD')).toMatchObject({ ok: true, value: { amount: 1_190_000n } });
  });

  test('with more decimals than the currency has is refused', () => {
    expect(readPayment({ ...body, amount: '0.5' }, 'JPY')).toEqual({
      ok: false,
      problems: [{ field: 'amount', problem: 'is "0.5"', expected: 'at most 0 decimals, as JPY has' }],
    });
  });

  test('with a field it does not have is refused by its name', () => {
    expect(readPayment({ ...body, version: 1 }, 'EUR')).toMatchObject({
      ok: false,
      problems: [{ field: 'version' }],
    });
  });
});
