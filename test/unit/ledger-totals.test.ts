import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { InvoiceLine } from '../../functions/invoices/invoice.ts';
import { computeTotals, lineNet, taxGroups } from '../../functions/invoices/totals.ts';
import { invoiceLine } from '../support/invoice-factory.ts';

const totals = (lines: InvoiceLine[], currency = 'EUR', statedTotal?: bigint) =>
  computeTotals({ lines, currency, statedTotal });

describe('A line’s net amount', () => {
  test.each([
    ['quantity times price', { quantity: '3', unitPrice: '33.333' }, 10000n],
    ['a stated discount comes off', { quantity: '2', unitPrice: '50', discount: 1000n }, 9000n],
    ['a discount rate comes off', { quantity: '2', unitPrice: '50', discountRate: '0.1' }, 9000n],
    ['a tie goes away from zero', { quantity: '1', unitPrice: '0.125' }, 13n],
    ['a credit’s tie too', { quantity: '-1', unitPrice: '0.125' }, -13n],
    ['eight decimals of price count', { quantity: '1000000', unitPrice: '0.00000001' }, 1n],
    ['a rate of 1 leaves nothing', { quantity: '7', unitPrice: '1.23', discountRate: '1' }, 0n],
    [
      'a credited line’s discount is a credit too',
      { quantity: '-2', unitPrice: '50', discount: -1000n },
      -9000n,
    ],
    [
      'an amount off a credited line goes off it',
      { quantity: '-2', unitPrice: '50', discount: 1000n },
      -11000n,
    ],
  ])('%s', (_title, fields, net) => {
    expect(lineNet(invoiceLine(fields), 'EUR')).toBe(net);
  });

  test('rounds the discount before it comes off, so that both steps can be printed', () => {
    // 0.05 × 0.5 = 0.025 → 0.03; 0.05 − 0.03 = 0.02. In one step it would be 0.025 → 0.03.
    expect(lineNet(invoiceLine({ quantity: '1', unitPrice: '0.05', discountRate: '0.5' }), 'EUR')).toBe(2n);
  });

  test('rounds quantity times price only after the discount came off', () => {
    // 0.005 − 0.01 = −0.005 → −0.01; rounded first it would be 0.01 − 0.01 = 0.
    expect(lineNet(invoiceLine({ quantity: '1', unitPrice: '0.005', discount: 1n }), 'EUR')).toBe(-1n);
  });

  test.each([
    ['JPY', 150n],
    ['EUR', 14950n],
    ['KWD', 149500n],
    ['CLF', 1495000n],
  ])('is in the minor units of %s', (currency, net) => {
    expect(lineNet(invoiceLine({ quantity: '1', unitPrice: '149.5' }), currency)).toBe(net);
  });
});

describe('Tax', () => {
  test('is computed once for each rate on the sum of its nets, not line by line', () => {
    const lines = Array.from({ length: 3 }, () =>
      invoiceLine({ quantity: '1', unitPrice: '0.03', taxRate: '0.19' }),
    );
    // 0.09 × 0.19 = 0.0171 → 0.02; line by line it would be 3 × 0.01.
    expect(totals(lines)).toEqual({ subtotal: 9n, taxTotal: 2n, total: 11n });
  });

  test('groups rates by value and keeps "no rate" and "0" apart', () => {
    const rates = ['0.19', '0', undefined, '0.190', '0.00', undefined, '0.07'];
    const lines = rates.map((taxRate) => invoiceLine({ quantity: '1', unitPrice: '1.00', taxRate }));
    expect(taxGroups(lines, 'EUR')).toEqual([
      { rate: '0.19', net: 200n, tax: 38n },
      { rate: '0', net: 200n, tax: 0n },
      { rate: undefined, net: 200n, tax: 0n },
      { rate: '0.07', net: 100n, tax: 7n },
    ]);
  });

  test('has the currency’s decimals', () => {
    const lines = [invoiceLine({ quantity: '1', unitPrice: '105', taxRate: '0.1' })];
    expect(totals(lines, 'JPY')).toEqual({ subtotal: 105n, taxTotal: 11n, total: 116n });
    expect(totals(lines, 'KWD')).toEqual({ subtotal: 105000n, taxTotal: 10500n, total: 115500n });
  });
});

describe('Totals', () => {
  test('a stated total is the truth and the difference is the rounding amount', () => {
    const lines = [invoiceLine({ quantity: '1', unitPrice: '10.00', taxRate: '0.19' })];
    expect(totals(lines, 'EUR', 1200n)).toEqual({
      subtotal: 1000n,
      taxTotal: 190n,
      roundingAmount: 10n,
      total: 1200n,
    });
    expect(totals(lines, 'EUR', 1185n).roundingAmount).toBe(-5n);
    expect(totals(lines, 'EUR', 1190n)).toEqual({ subtotal: 1000n, taxTotal: 190n, total: 1190n });
  });

  test('without lines a stated total is all rounding', () => {
    expect(totals([], 'EUR', 1190n)).toEqual({
      subtotal: 0n,
      taxTotal: 0n,
      roundingAmount: 1190n,
      total: 1190n,
    });
  });

  test('of a credit note mirror those of its invoice', () => {
    const line = fc.record({
      description: fc.constant('x'),
      quantity: fc.integer({ min: 1, max: 99999 }).map((units) => `${units / 100}`),
      unitPrice: fc.integer({ min: 0, max: 99999 }).map((units) => `${units / 100}`),
      discountRate: fc.constantFrom(undefined, '0.1', '0.333'),
      taxRate: fc.constantFrom(undefined, '0', '0.07', '0.19'),
    });
    fc.assert(
      fc.property(
        fc.array(line, { maxLength: 10 }),
        fc.constantFrom('JPY', 'EUR', 'KWD'),
        (lines, currency) => {
          const credit = lines.map((charged) => ({ ...charged, quantity: `-${charged.quantity}` }));
          const [charged, credited] = [totals(lines, currency), totals(credit, currency)];
          expect(credited).toEqual({
            subtotal: -charged.subtotal,
            taxTotal: -charged.taxTotal,
            total: -charged.total,
          });
        },
      ),
    );
  });

  test('lose nothing where a double would', () => {
    const lines = [
      invoiceLine({ quantity: '1', unitPrice: '9999999999999.99' }),
      invoiceLine({ quantity: '1', unitPrice: '0.01' }),
    ];
    expect(totals(lines).total).toBe(1_000_000_000_000_000n);
  });
});
